using Percheron.Decoding;
using Percheron.Formats;
using Percheron.Models;
using Percheron.Testing;
using Percheron.Verifiers;
using Xunit;

namespace Percheron.Tests.Drafters;

/// <summary>What the catalogue says about this folder's drafters is true: every example can be built and runs.</summary>
public class ExamplesTests
{
    private sealed class Host(ILayeredModel target) : ISpecHost
    {
        public object? Supply(Type type, string parameter, string? file) =>
            type == typeof(CorpusIndex) ? CorpusIndex.Of([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0, 1, 3, 5, 7, 9, 11, 2, 4], Toy.Vocab) : type == typeof(ILayeredModel) ? target : type == typeof(IModel) ? (parameter == "target" ? target : Toy.Draft())
            : new ToyHost(Toy.Target(), Toy.Draft().Noise).Supply(type, parameter, file);
    }

    public static TheoryData<string> Examples => [.. new Catalog().Drafters.Concat(new Catalog().Parts).SelectMany(e => e.Examples)];

    [Theory]
    [MemberData(nameof(Examples))]
    public void Every_example_drafts_and_says_what_plain_decoding_says(string spec)
    {
        ILayeredModel target = Toy.Target();
        Drafter drafter = new Catalog().Drafter(spec, new Host(target));
        Sequence[] sequences = Toy.Sequences(1);
        var decoder = new Decoder(target, drafter, new Coupled());
        decoder.Run(sequences);
        int[][] plain = Toy.Plain(1);
        for (int i = 0; i < sequences.Length; i++) Assert.Equal(plain[i], sequences[i].Tokens.ToArray());
        Assert.Equal(spec != "none", decoder.Statistics.Offered > 0);
    }

    [Fact]
    public void Every_drafter_of_the_first_set_is_in_the_catalogue()
    {
        string[] names = [.. new Catalog().Drafters.Select(e => e.Name)];
        foreach (string name in new[] { "none", "ngram", "suffix", "model", "self", "fallback", "cascade" }) Assert.Contains(name, names);
    }
}
