using Percheron.Decoding;
using Percheron.Drafters;
using Xunit;

namespace Percheron.Tests.Drafters;

public class SuffixDrafterTests
{
    private static SuffixDrafter Eager(int length = 6, int width = 1) => new(length: length, width: width, threshold: 0);

    [Fact]
    public void It_never_changes_the_text()
    {
        Toy.SaysWhatPlainDecodingSays(() => new SuffixDrafter(threshold: 0.25));
        Toy.SaysWhatPlainDecodingSays(() => new SuffixDrafter(min: 2, length: 5, width: 3, threshold: 0));
    }

    [Fact]
    public void Steady_steps_allocate_nothing_but_the_growth_of_the_automaton()
    {
        Toy.AllocatesNothing(new SuffixDrafter(threshold: 0.25), 1);
        Toy.AllocatesNothing(new SuffixDrafter(width: 3, threshold: 0), 0);
    }

    [Fact]
    public void The_longest_match_is_continued_by_what_followed_most_often_and_then_latest()
    {
        Assert.Equal([7, 8], ProposalOf.Chain(Eager(2), [1, 2, 3, 7, 8, 5, 3, 9, 9, 1, 2, 3]));
        Assert.Equal([6, 1], ProposalOf.Chain(Eager(2), [1, 2, 5, 1, 2, 6, 1, 2]));
        Assert.Equal([5, 1], ProposalOf.Chain(Eager(2), [1, 2, 5, 1, 2, 5, 1, 2, 6, 1, 2]));
        Assert.Empty(ProposalOf.Chain(new SuffixDrafter(min: 2, threshold: 0), [1, 2, 3, 9, 3]));
        Assert.Empty(ProposalOf.Chain(Eager(), [1, 2, 3]));
        Assert.Empty(ProposalOf.Chain(Eager(), [1]));
    }

    [Fact]
    public void Short_periods_are_copied_through_the_end_of_the_text()
    {
        Assert.Equal([5, 5, 5, 5, 5, 5], ProposalOf.Chain(Eager(), [5, 5]));
        Assert.Equal([1, 2, 1, 2, 1, 2], ProposalOf.Chain(Eager(), [1, 2, 1, 2]));
        Assert.Equal([2, 3, 1, 2, 3, 1], ProposalOf.Chain(Eager(), [9, 1, 2, 3, 1]));
        int[] constant = [.. Enumerable.Repeat(5, 100)];
        Assert.Equal(16, ProposalOf.Chain(new SuffixDrafter(threshold: 0.25), constant).Length);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(40)]
    public void The_budget_and_the_length_are_kept(int budget) =>
        Assert.Equal(Math.Min(budget, 16), ProposalOf.Chain(new SuffixDrafter(width: 1, threshold: 0), [5, 5, 5], budget).Length);

    [Fact]
    public void Tokens_that_come_one_at_a_time_are_learned()
    {
        int[] constant = [.. Enumerable.Repeat(5, 200)];
        Assert.Equal(198, ProposalOf.HitsOneByOne(Eager(), 1, constant));
        int[] period = [.. Enumerable.Range(0, 200).Select(i => i % 3)];
        Assert.Equal(200 - 4, ProposalOf.HitsOneByOne(Eager(), 1, period));
        // The default asks for some evidence first.
        Assert.InRange(ProposalOf.HitsOneByOne(new SuffixDrafter(threshold: 0.25), 1, period), 190, 196);
    }

    [Fact]
    public void It_recovers_after_failures()
    {
        var text = new List<int> { 1, 2, 3 };
        for (int i = 0; i < 20; i++) text.AddRange([7, 1, 2, 3]);
        for (int i = 0; i < 20; i++) text.AddRange([8, 1, 2, 3]);
        // A match with 8 in it is longer than any with 7 alone, so one occurrence is enough to change its mind.
        Assert.InRange(ProposalOf.HitsOneByOne(Eager(), 3, [.. text]), text.Count - 3 - 5, text.Count - 3 - 4);
    }

    [Fact]
    public void A_longer_match_and_clearer_counts_draft_further()
    {
        int[] once = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 1];
        int[] longer = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3, 4];
        int[] twice = [1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1];
        int Length(int[] text) => ProposalOf.Chain(new SuffixDrafter(threshold: 0.25), text).Length;
        Assert.Equal((1, 4, 9), (Length(once), Length(longer), Length(twice)));
        Assert.Empty(ProposalOf.Chain(new SuffixDrafter(least: 1, threshold: 0.25), once));
        Assert.NotEmpty(ProposalOf.Chain(new SuffixDrafter(least: 1, threshold: 0.25), twice));
    }

    [Fact]
    public void A_tree_holds_the_best_few_continuations()
    {
        int[] text = [1, 2, 5, 1, 2, 5, 1, 2, 6, 1, 2, 7, 1, 2];
        var tree = new TokenTree();
        tree.Reset(2, text.Length - 1, 8);
        Eager(length: 1, width: 2).Draft([new DraftSlot(new Sequence(text), tree)]);
        Assert.Equal([5, 7], new[] { tree.Token(1), tree.Token(2) });
        Assert.Equal((3, 0, 0), (tree.Count, tree.Parent(1), tree.Parent(2)));
    }

    [Fact]
    public void Tokens_taken_back_are_forgotten_and_tokens_not_settled_are_read()
    {
        var drafter = Eager(3);
        var child = new Sequence([1, 2, 3]);
        int[][] parents = [[1, 2, 3, 4, 1, 2, 3], [1, 2, 3, 5, 5, 1, 2, 3], [1, 2, 3, 5, 5, 1, 2, 3, 9, 3]];
        foreach (int[] parent in parents)
        {
            child.Follow(parent, int.MaxValue);
            Assert.Equal(ProposalOf.Chain(Eager(3), parent), Draft(drafter, child));
            foreach (int token in (ReadOnlySpan<int>)[1, 2]) child.Append(token);
            Assert.Equal(3, Draft(drafter, child)[0]);
            child.Append(8);
            Assert.Empty(Draft(drafter, child));
        }
        // The rest of the text was learned only where it is settled.
        Assert.Equal(ProposalOf.Chain(Eager(3), parents[^1]), Draft(drafter, Followed(child, parents[^1])));
    }

    [Fact]
    public void Accepted_lengths_are_the_approved_ones() =>
        Assert.Equal((4.59, 4.59, 4.0), (Length(new SuffixDrafter(threshold: 0.25), 0), Length(new SuffixDrafter(width: 1, threshold: 0.25), 0), Length(new NgramDrafter(), 0)));

    [Theory]
    [InlineData(0, 8, 1, 0.2, 0)]
    [InlineData(1, 0, 1, 0.2, 0)]
    [InlineData(1, 8, 0, 0.2, 0)]
    [InlineData(1, 8, 1, -0.1, 0)]
    [InlineData(1, 8, 1, double.NaN, 0)]
    [InlineData(1, 8, 1, 0.2, -1)]
    public void Senseless_options_are_refused(int min, int length, int width, double threshold, double least) =>
        Assert.ThrowsAny<ArgumentException>(() => new SuffixDrafter(min, length, width, threshold, least));

    private static double Length(Drafter drafter, float temperature) => Toy.AcceptedLength(drafter, temperature, tokens: 400);

    private static Sequence Followed(Sequence child, int[] parent)
    {
        child.Follow(parent, int.MaxValue);
        return child;
    }

    private static int[] Draft(Drafter drafter, Sequence sequence)
    {
        var tree = new TokenTree();
        tree.Reset(sequence.Tokens[^1], sequence.Count - 1, 8);
        drafter.Draft([new DraftSlot(sequence, tree)]);
        return ProposalOf.FirstPath(tree);
    }
}
