using Percheron.Decoding;
using Percheron.Drafters;
using Percheron.Drafters.Vocabularies;
using Percheron.Formats;
using Percheron.Models;
using Xunit;

namespace Percheron.Tests.Drafters;

public class ReducedVocabularyTests
{
    // Of twelve tokens four are frequent.
    private static readonly int[] Text = [3, 3, 3, 5, 5, 5, 7, 7, 9, 9, 1, 2, 12, 4];

    [Fact]
    public void It_never_changes_the_text() => Toy.SaysWhatPlainDecodingSays(() => new ModelDrafter(Toy.Draft(), depth: 3, width: 2, vocabulary: Four()));

    [Fact]
    public void Steady_steps_allocate_nothing() => Toy.AllocatesNothing(new ModelDrafter(Toy.Draft(), depth: 3, vocabulary: Four()), 1);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void The_law_is_the_targets(int tokens) =>
        Assert.InRange(ExactLaw.Distance(() => new ModelDrafter(ExactLaw.Draft(), depth: 2, confidence: 0, vocabulary: new ReducedVocabulary(CorpusIndex.Of([2, 2, 1, 0], 3), tokens))), 0, 1e-6);

    [Fact]
    public void Only_frequent_tokens_have_a_probability()
    {
        IModel model = Four().Adapt(Toy.Draft());
        using KvCache cache = model.NewCache();
        var rows = new Rows();
        rows.Reset(cache);
        rows.Add(1, -1, logits: true);
        model.Forward([rows]);
        var law = new Distribution();
        new Sampler().Law(rows.Logits(0), SamplingSettings.Plain, law);
        Assert.Equal([3, 5, 7, 9], Enumerable.Range(0, Toy.Vocab).Where(token => law[token] > 0));
    }

    [Fact]
    public void A_draft_that_has_no_more_tokens_is_left_as_it_is()
    {
        IModel draft = Toy.Draft();
        Assert.Same(draft, new ReducedVocabulary(CorpusIndex.Of(Text, Toy.Vocab), 12).Adapt(draft));
    }

    [Fact]
    public void Senseless_options_are_refused()
    {
        Assert.ThrowsAny<ArgumentException>(() => new ReducedVocabulary(CorpusIndex.Of(Text, Toy.Vocab), 0));
        Assert.Contains("index it", Assert.Throws<ArgumentException>(() => new ReducedVocabulary(CorpusIndex.Of(Text, 40)).Adapt(Toy.Draft())).Message, StringComparison.Ordinal);
    }

    private static ReducedVocabulary Four() => new(CorpusIndex.Of(Text, Toy.Vocab), 4);
}
