using Percheron.Decoding;
using Percheron.Drafters;
using Xunit;

namespace Percheron.Tests.Drafters;

public class SuffixTreeDrafterTests
{
    [Fact]
    public void It_never_changes_the_text()
    {
        Toy.SaysWhatPlainDecodingSays(() => new SuffixTreeDrafter());
        Toy.SaysWhatPlainDecodingSays(() => new SuffixTreeDrafter(length: 5, factor: 2, threshold: 0, memory: 20));
    }

    [Fact]
    public void Steady_steps_allocate_nothing_but_the_growth_of_the_trees()
    {
        Toy.AllocatesNothing(new SuffixTreeDrafter(), 1);
        Toy.AllocatesNothing(new SuffixTreeDrafter(memory: 100), 0);
    }

    [Fact]
    public void A_draft_is_as_long_as_its_match_times_the_factor()
    {
        int[] text = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0, 1, 2, 3];
        Assert.Equal([4, 5, 6], ProposalOf.Chain(new SuffixTreeDrafter(), text));
        Assert.Equal([4, 5, 6, 7, 8, 9], ProposalOf.Chain(new SuffixTreeDrafter(factor: 2), text));
        Assert.Equal([4, 5], ProposalOf.Chain(new SuffixTreeDrafter(length: 2), text));
        Assert.Equal([4], ProposalOf.Chain(new SuffixTreeDrafter(), text, budget: 1));
        Assert.Empty(ProposalOf.Chain(new SuffixTreeDrafter(least: 4), text));
        Assert.Empty(ProposalOf.Chain(new SuffixTreeDrafter(), [1, 2, 3]));
    }

    [Fact]
    public void A_tree_holds_what_followed_by_its_share()
    {
        // After 1 2: three times 5, once 6, once 7; with a threshold of 0.25 only the first is left.
        int[] text = [1, 2, 5, 3, 1, 2, 5, 4, 1, 2, 5, 8, 1, 2, 6, 9, 1, 2, 7, 20, 21, 22, 23, 24, 25, 1, 2];
        Assert.Equal([5, 7], FirstLevel(new SuffixTreeDrafter(), text));
        Assert.Equal([5], FirstLevel(new SuffixTreeDrafter(threshold: 0.25), text));
    }

    [Fact]
    public void A_shorter_match_wins_where_more_is_expected_of_it()
    {
        // 9 1 2 was followed by four different tokens; 1 2 alone mostly by 5 5.
        var text = new List<int>();
        foreach (int other in (int[])[10, 11, 12, 13]) text.AddRange([9, 1, 2, other, other + 10]);
        for (int i = 0; i < 30; i++) text.AddRange([30 + i, 1, 2, 5, 5]);
        text.AddRange([9, 1, 2]);
        Assert.Equal([5, 5], ProposalOf.Chain(new SuffixTreeDrafter(length: 2), [.. text]));
    }

    [Fact]
    public void Other_requests_outputs_are_known_while_they_run_and_their_prompts_are_not()
    {
        var drafter = new SuffixTreeDrafter();
        var first = new Sequence([40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51]);
        Draft(drafter, first);
        foreach (int token in (int[])[1, 2, 3, 4, 5, 6])
        {
            first.Append(token);
            Draft(drafter, first);
        }
        var second = new Sequence([30, 31]);
        foreach (int token in (int[])[2, 3, 4]) second.Append(token);
        Assert.Equal([5, 6], Draft(drafter, second));
        // Of a prompt only the last eight tokens count.
        Assert.Empty(Draft(drafter, new Sequence([30, 40, 41])));
        Assert.NotEmpty(Draft(drafter, new Sequence([30, 45, 46, 47])));
        // And what one prompt says is gone with its request.
        drafter.Release(first);
        Assert.Equal([5, 6], Draft(drafter, new Sequence([60, 3, 4])));
    }

    [Fact]
    public void A_preempted_request_is_not_learned_twice()
    {
        var drafter = new SuffixTreeDrafter(threshold: 0);
        Sequence Said(params int[] output)
        {
            var sequence = new Sequence([9]);
            foreach (int token in output) sequence.Append(token);
            Draft(drafter, sequence);
            return sequence;
        }

        Sequence once = Said(1, 2, 3);
        Said(1, 2, 4);
        Said(1, 2, 4);
        for (int i = 0; i < 5; i++)
        {
            drafter.Release(once);
            Draft(drafter, once);
        }
        Assert.Equal(4, Draft(drafter, new Sequence([30, 1, 2]))[0]);
    }

    [Fact]
    public void Memory_is_bounded_and_the_latest_half_stays_known()
    {
        const int memory = 4000;
        var drafter = new SuffixTreeDrafter(memory: memory);
        var random = new Random(1);
        long largest = 0;
        int[] last = [];
        for (int request = 0; request < 200; request++)
        {
            var sequence = new Sequence([0]);
            for (int i = 0; i < 500; i++)
            {
                sequence.Append(random.Next(10_000));
                Draft(drafter, sequence);
            }
            last = sequence.Tokens[100..].ToArray();
            drafter.Release(sequence);
            if (request == 20) largest = drafter.OutputBytes;
        }
        Assert.Equal(largest, drafter.OutputBytes);
        Assert.InRange(largest, 1, 300 * memory);
        Assert.Equal(last[3..6], Draft(drafter, new Sequence([1, .. last[..3]])));
    }

    [Fact]
    public void A_memory_that_turns_finds_what_one_automaton_of_its_last_tokens_finds()
    {
        // Every match that the memory reports was there, and one as long as the latest half holds is found.
        var random = new Random(2);
        var memory = new SuffixMemory(64);
        SuffixMemory.Mark[] marks = new SuffixMemory.Mark[3];
        List<int>[] texts = [[], [], []];
        for (int step = 0; step < 3000; step++)
        {
            int who = random.Next(3), token = random.Next(4);
            memory.Learn(ref marks[who], token);
            texts[who].Add(token);
            Check(memory.Young, memory.InYoung(ref marks[who]), texts[who]);
            Check(memory.Old, memory.InOld(ref marks[who]), texts[who]);
            Assert.InRange(memory.Young.Length, 1, 32);
        }

        static void Check(SuffixAutomaton automaton, (int Place, int Match) end, List<int> text)
        {
            int place = 0;
            foreach (int token in text.TakeLast(end.Match)) place = automaton.Next(place, token);
            Assert.Equal(end.Place, place);
        }
    }

    [Theory]
    [InlineData(0, 1, 0.1, 0, 100)]
    [InlineData(8, 0, 0.1, 0, 100)]
    [InlineData(8, double.NaN, 0.1, 0, 100)]
    [InlineData(8, 1, 1.5, 0, 100)]
    [InlineData(8, 1, 0.1, -1, 100)]
    [InlineData(8, 1, 0.1, 0, 1)]
    public void Senseless_options_are_refused(int length, double factor, double threshold, double least, int memory) =>
        Assert.ThrowsAny<ArgumentException>(() => new SuffixTreeDrafter(length, factor, threshold, least, memory));

    private static int[] FirstLevel(Drafter drafter, int[] text)
    {
        var tree = new TokenTree();
        tree.Reset(text[^1], text.Length - 1, 64);
        drafter.Draft([new DraftSlot(new Sequence(text), tree)]);
        return [.. Enumerable.Range(1, tree.Count - 1).Where(node => tree.Parent(node) == 0).Select(tree.Token)];
    }

    private static int[] Draft(Drafter drafter, Sequence sequence)
    {
        var tree = new TokenTree();
        tree.Reset(sequence.Tokens[^1], sequence.Count - 1, 16);
        drafter.Draft([new DraftSlot(sequence, tree)]);
        return ProposalOf.FirstPath(tree);
    }
}
