using System.Text.Json;
using Percheron.Decoding;
using Percheron.Formats;
using Percheron.Models;
using Percheron.Tests.Support;
using Percheron.Verifiers;
using Xunit;

namespace Percheron.Tests.Drafters;

/// <summary>The smallest real model: every drafter gives the golden 200 greedy tokens, and the text of plain decoding where tokens are drawn.</summary>
public sealed class StoriesTests : IDisposable
{
    private sealed class Host(Transformer target) : ISpecHost
    {
        // The draft is the target without its second layer, with a cache of its own.
        public object? Supply(Type type, string parameter, string? file) => type == typeof(ILayeredModel) ? target : type == typeof(IModel) ? target.View([0, 2, 3, 4]) : null;
    }

    private readonly GgufFile _file = GgufFile.Open(SharedData.Require("stories260k/stories260k-f32.gguf"));
    private readonly Transformer _model;

    public StoriesTests() => _model = Transformer.Load(_file, new ModelOptions { Threads = 1 });

    public static TheoryData<string> Specs => ["none", "ngram", "suffix(threshold=0.25)", "model", "model(depth=4, width=2)", "self", "early-exit(exit=3)", "early-exit(exit=2, depth=3, width=2, confidence=0)", "fallback(suffix(least=1), model)", "cascade(suffix)", "cascade(model(depth=2))", "staged(ngram)", "staged(suffix, depth=3, width=2)", "triforce(suffix, window=16, sinks=2, chunks=1)"];

    [Theory]
    [MemberData(nameof(Specs))]
    public void Every_drafter_tells_the_same_story(string spec)
    {
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllText(SharedData.Require("stories260k/golden_greedy200.json")));
        int[] ids = [.. golden.RootElement.GetProperty("ids").EnumerateArray().Select(value => value.GetInt32())];
        Sequence[] greedy = Sequences(SamplingSettings.Greedy, ids.Length - 1), drawn = Sequences(new SamplingSettings(), 60), plain = Sequences(new SamplingSettings(), 60);
        Run(spec, greedy[0]);
        Assert.Equal(ids, greedy[0].Tokens.ToArray());
        DecodingStatistics statistics = Run(spec, drawn);
        Run("none", plain);
        for (int i = 0; i < plain.Length; i++) Assert.Equal(plain[i].Tokens.ToArray(), drawn[i].Tokens.ToArray());
        Assert.Equal(spec != "none", statistics.Accepted > 0);
    }

    [Fact]
    public void The_model_itself_is_the_perfect_draft()
    {
        foreach (SamplingSettings sampling in new[] { SamplingSettings.Greedy, new SamplingSettings() })
        {
            var decoder = new Decoder(_model, new Percheron.Drafters.ModelDrafter(_model, depth: 5, confidence: 0), new Coupled());
            decoder.Run(Sequences(sampling, 60));
            Assert.Equal(6, decoder.Statistics.AcceptedLength);
        }
    }

    public void Dispose()
    {
        _model.Dispose();
        _file.Dispose();
    }

    private DecodingStatistics Run(string spec, params Sequence[] sequences)
    {
        var decoder = new Decoder(_model, new Catalog().Drafter(spec, new Host(_model)), new Coupled());
        decoder.Run(sequences);
        return decoder.Statistics;
    }

    private static Sequence[] Sequences(SamplingSettings sampling, int tokens) =>
        [.. new int[][] { [1], [1, 403, 407, 261] }.Select((prompt, i) => new Sequence(prompt, new SequenceOptions { MaxTokens = tokens, Seed = (ulong)i, Sampling = sampling }))];
}
