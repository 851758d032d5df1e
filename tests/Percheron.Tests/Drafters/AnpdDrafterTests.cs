using Percheron.Drafters;
using Xunit;

namespace Percheron.Tests.Drafters;

public class AnpdDrafterTests
{
    [Fact]
    public void It_never_changes_the_text() => Toy.SaysWhatPlainDecodingSays(() => new AnpdDrafter());

    [Fact]
    public void Steady_steps_allocate_nothing_but_the_growth_of_the_tables() => Toy.AllocatesNothing(new AnpdDrafter(), 1);

    [Fact]
    public void The_most_frequent_successor_of_the_longest_ngram_wins_and_the_latest_among_equals()
    {
        Assert.Equal([5], ProposalOf.Chain(new AnpdDrafter(length: 1), [1, 2, 5, 1, 2, 5, 1, 2, 6, 1, 2]));
        Assert.Equal([6], ProposalOf.Chain(new AnpdDrafter(length: 1), [1, 2, 5, 1, 2, 6, 1, 2]));
        Assert.Equal([7], ProposalOf.Chain(new AnpdDrafter(length: 1), [3, 2, 7, 1, 2, 6, 4, 2, 6, 3, 2]));
        Assert.Empty(ProposalOf.Chain(new AnpdDrafter(min: 2), [1, 2, 3, 9, 3]));
        Assert.Empty(ProposalOf.Chain(new AnpdDrafter(), [1]));
    }

    [Fact]
    public void A_draft_looks_up_its_own_tokens_and_leaves_the_passage_it_began_in()
    {
        // After 1 comes 2 (twice 2 4 8, once 2 5); a copy of the last place of 1 2 would go on with 5.
        Assert.Equal([2, 4, 8], ProposalOf.Chain(new AnpdDrafter(max: 1, length: 3), [2, 4, 8, 9, 2, 4, 8, 7, 1, 2, 5, 1]));
    }

    [Fact]
    public void Constant_text_is_learned_from_tokens_that_come_one_at_a_time() =>
        Assert.Equal(19, ProposalOf.HitsOneByOne(new AnpdDrafter(), 1, [.. Enumerable.Repeat(5, 21)]));

    [Fact]
    public void The_budget_is_kept() => Assert.Equal(2, ProposalOf.Chain(new AnpdDrafter(), [5, 5, 5, 5], budget: 2).Length);
}
