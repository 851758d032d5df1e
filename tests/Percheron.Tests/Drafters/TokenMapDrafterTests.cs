using Percheron.Drafters;
using Percheron.Formats;
using Xunit;

namespace Percheron.Tests.Drafters;

public class TokenMapDrafterTests
{
    // 20 ends a document.
    private static CorpusIndex Corpus() => CorpusIndex.Of([1, 2, 3, 4, 1, 2, 5, 1, 2, 3, 4, 20, 4, 6, 7, 8, 20, 9], 20);

    [Fact]
    public void It_never_changes_the_text() => Toy.SaysWhatPlainDecodingSays(() => new TokenMapDrafter(CorpusIndex.Of([1, 2, 0, 1, 3, 2, 1, 0], 4)));

    [Fact]
    public void Steady_steps_allocate_nothing() => Toy.AllocatesNothing(new TokenMapDrafter(CorpusIndex.Of([1, 2, 0, 1, 3, 2, 1, 0], 4)), 1);

    [Fact]
    public void It_goes_on_from_guess_to_guess_where_no_single_text_does()
    {
        // 1 2 is mostly followed by 3, which 4 follows; then 4, alone, by 1 or 6.
        Assert.Equal([3, 4], ProposalOf.Chain(new TokenMapDrafter(Corpus(), max: 2, length: 2), [9, 1, 2]));
        Assert.Equal([6, 7, 8], ProposalOf.Chain(new TokenMapDrafter(CorpusIndex.Of([2, 6, 20, 6, 7, 20, 7, 8], 20), max: 3, confidence: 0), [5, 2]));
        Assert.Equal([3], ProposalOf.Chain(new TokenMapDrafter(Corpus(), max: 2), [9, 1, 2], budget: 1));
    }

    [Fact]
    public void What_is_rare_or_ends_a_document_is_not_proposed()
    {
        Assert.Empty(ProposalOf.Chain(new TokenMapDrafter(Corpus(), max: 2, confidence: 0.8), [9, 1, 2]));
        Assert.Empty(ProposalOf.Chain(new TokenMapDrafter(Corpus()), [9, 8]));
        Assert.Empty(ProposalOf.Chain(new TokenMapDrafter(Corpus(), min: 2), [9]));
        Assert.Empty(ProposalOf.Chain(new TokenMapDrafter(Corpus(), max: 1, min: 1), [20]));
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new TokenMapDrafter(Corpus(), max: 17));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TokenMapDrafter(Corpus(), min: 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TokenMapDrafter(Corpus(), length: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TokenMapDrafter(Corpus(), confidence: 1.5));
    }
}
