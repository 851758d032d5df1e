using Percheron.Decoding;
using Percheron.Drafters;
using Percheron.Planning;
using Percheron.Testing;
using Percheron.Verifiers;
using Xunit;

namespace Percheron.Tests.Drafters;

public class RecyclingDrafterTests
{
    [Fact]
    public void It_never_changes_the_text() => Toy.SaysWhatPlainDecodingSays(() => new RecyclingDrafter());

    [Fact]
    public void Steady_steps_allocate_nothing() => Toy.AllocatesNothing(new RecyclingDrafter(), 1);

    [Fact]
    public void Where_the_next_token_depends_on_the_last_one_alone_the_chain_of_best_successors_is_always_right_once_it_is_known()
    {
        // A target of order 1 runs into a cycle of at most 12 tokens; from then on every successor is in the table.
        var decoder = new Decoder(new ToyModel(vocab: 12, order: 1), new RecyclingDrafter(nodes: 4, depth: 4, width: 1), new Coupled(), new DecoderOptions { Budget = new FixedBudget(4) });
        var sequence = new Sequence([3], Toy.Options(0, tokens: 400));
        for (int i = 0; i < 20; i++) decoder.Step([sequence]);
        long before = decoder.Statistics.Accepted;
        for (int i = 0; i < 20; i++) decoder.Step([sequence]);
        Assert.Equal(80, decoder.Statistics.Accepted - before);
    }

    [Fact]
    public void The_tree_is_the_most_promising_one_for_every_budget()
    {
        var shape = new RankedTree(6, 3, [0.5f, 0.3f]);
        // .5, .3, .25 (below .5), .15 (.5 then .3; before .3 then .5, which comes later), .15, .125
        Assert.Equal([(0, 0), (0, 1), (1, 0), (1, 1), (2, 0), (3, 0)], Enumerable.Range(1, 6).Select(i => (shape.Parent(i), shape.Rank(i))));
        Assert.Equal(4, new RankedTree(10, 3, [0.5f]).Count);
    }

    [Fact]
    public void The_best_tokens_come_highest_first_and_equal_ones_by_id()
    {
        var random = new Random(1);
        for (int n = 1; n < 70; n++)
        {
            float[] logits = [.. Enumerable.Range(0, n).Select(_ => (float)random.Next(20))];
            var top = new int[5];
            int count = TopTokens.Of(logits, top);
            Assert.Equal(Enumerable.Range(0, n).OrderByDescending(i => logits[i]).ThenBy(i => i).Take(5), top.Take(count));
        }
    }
}
