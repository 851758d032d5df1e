using Percheron.Decoding;
using Percheron.Drafters;
using Xunit;

namespace Percheron.Tests.Drafters;

public class NgramDrafterTests
{
    [Fact]
    public void It_never_changes_the_text() => Toy.SaysWhatPlainDecodingSays(() => new NgramDrafter());

    [Fact]
    public void Steady_steps_allocate_nothing_but_the_growth_of_the_index() => Toy.AllocatesNothing(new NgramDrafter(), 1);

    [Fact]
    public void The_longest_suffix_wins_and_then_the_latest_occurrence()
    {
        Assert.Equal([7, 8], ProposalOf.Chain(new NgramDrafter(max: 3, length: 2), [1, 2, 3, 7, 8, 5, 3, 9, 9, 1, 2, 3]));
        Assert.Equal([6, 1], ProposalOf.Chain(new NgramDrafter(max: 2, length: 2), [1, 2, 5, 1, 2, 6, 1, 2]));
        Assert.Equal([9, 9], ProposalOf.Chain(new NgramDrafter(max: 1, length: 2), [1, 2, 3, 7, 8, 5, 3, 9, 9, 1, 2, 3]));
        Assert.Empty(ProposalOf.Chain(new NgramDrafter(min: 2), [1, 2, 3, 9, 3]));
        Assert.Empty(ProposalOf.Chain(new NgramDrafter(), [1, 2, 3]));
        Assert.Empty(ProposalOf.Chain(new NgramDrafter(), [1]));
    }

    [Fact]
    public void Short_periods_are_copied_through_the_end_of_the_text()
    {
        Assert.Equal([5, 5, 5, 5, 5, 5], ProposalOf.Chain(new NgramDrafter(max: 1, length: 6), [5, 5]));
        Assert.Equal([1, 2, 1, 2, 1, 2], ProposalOf.Chain(new NgramDrafter(max: 2, length: 6), [1, 2, 1, 2]));
        Assert.Equal([2, 3, 1, 2, 3, 1], ProposalOf.Chain(new NgramDrafter(max: 1, length: 6), [9, 1, 2, 3, 1]));
    }

    [Fact]
    public void A_shorter_match_drafts_less()
    {
        foreach ((int n, int drafted) in new[] { (1, 2), (2, 4), (3, 6), (4, 8), (5, 8) })
        {
            int[] text = [.. Enumerable.Range(10, n), .. Enumerable.Range(50, 20), .. Enumerable.Range(10, n)];
            Assert.Equal(Enumerable.Range(50, drafted), ProposalOf.Chain(new NgramDrafter(), text));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void The_budget_is_kept(int budget) => Assert.Equal(budget, ProposalOf.Chain(new NgramDrafter(), [5, 5, 5, 5, 5], budget).Length);

    [Fact]
    public void Tokens_that_come_one_at_a_time_are_learned()
    {
        int[] constant = [.. Enumerable.Repeat(5, 200)];
        Assert.Equal(199, ProposalOf.HitsOneByOne(new NgramDrafter(), 1, constant) + 1);
        int[] period = [.. Enumerable.Range(0, 200).Select(i => i % 3)];
        Assert.Equal(200 - 4, ProposalOf.HitsOneByOne(new NgramDrafter(), 1, period));
    }

    [Fact]
    public void A_wrong_guess_costs_nothing_for_good()
    {
        // The same key is followed by 7 for a while, then always by 8: two misses (the key, and the token never seen before) at the start of either.
        var text = new List<int> { 1, 2, 3 };
        for (int i = 0; i < 20; i++) text.AddRange([7, 1, 2, 3]);
        for (int i = 0; i < 20; i++) text.AddRange([8, 1, 2, 3]);
        int hits = ProposalOf.HitsOneByOne(new NgramDrafter(), 3, [.. text]);
        Assert.Equal(text.Count - 3 - 4, hits);
    }

    [Fact]
    public void It_agrees_with_a_search_from_the_back()
    {
        var random = new SeededRandom(5);
        var text = new List<int>();
        for (int i = 0; i < 400; i++) text.Add(random.Pick([3, 2, 1, 1]));
        var sequence = new Sequence([text[0]]);
        var drafter = new NgramDrafter(max: 3, min: 1, length: 5);
        var tree = new TokenTree();
        for (int i = 1; i < text.Count; i++)
        {
            tree.Reset(sequence.Tokens[^1], sequence.Count - 1, 64);
            drafter.Draft([new DraftSlot(sequence, tree)]);
            Assert.Equal(Search(sequence.Tokens, 3, 1, 5), ProposalOf.FirstPath(tree));
            sequence.Append(text[i]);
        }
    }

    [Fact]
    public void Tokens_taken_back_are_forgotten()
    {
        var drafter = new NgramDrafter(length: 3);
        var child = new Sequence([1, 2, 3]);
        var tree = new TokenTree();
        int[][] parents = [[1, 2, 3, 4, 1, 2, 3], [1, 2, 3, 5, 5, 1, 2, 3], [1, 2, 3, 5, 5, 1, 2, 3, 9, 3]];
        foreach (int[] parent in parents)
        {
            child.Follow(parent, int.MaxValue);
            tree.Reset(parent[^1], parent.Length - 1, 64);
            drafter.Draft([new DraftSlot(child, tree)]);
            Assert.Equal(Search(parent, 4, 1, 3), ProposalOf.FirstPath(tree));
            foreach (int token in (ReadOnlySpan<int>)[2, 2, 2]) child.Append(token);
            tree.Reset(2, child.Count - 1, 64);
            drafter.Draft([new DraftSlot(child, tree)]);
        }
    }

    [Theory]
    [InlineData(0, 1, 8)]
    [InlineData(4, 0, 8)]
    [InlineData(2, 3, 8)]
    [InlineData(65, 1, 8)]
    [InlineData(4, 1, 0)]
    [InlineData(4, 1, 5000)]
    public void Senseless_options_are_refused(int max, int min, int length) => Assert.ThrowsAny<ArgumentException>(() => new NgramDrafter(max, min, length));

    private static int[] Search(ReadOnlySpan<int> text, int max, int min, int length)
    {
        for (int n = Math.Min(max, text.Length - 1); n >= min; n--)
            for (int end = text.Length - 2; end >= n - 1; end--)
            {
                if (!text.Slice(end + 1 - n, n).SequenceEqual(text[^n..])) continue;
                var draft = new List<int>();
                for (int i = 0; i < ((length * n) + max - 1) / max; i++) draft.Add(end + 1 + i < text.Length ? text[end + 1 + i] : draft[end + 1 + i - text.Length]);
                return [.. draft];
            }
        return [];
    }
}
