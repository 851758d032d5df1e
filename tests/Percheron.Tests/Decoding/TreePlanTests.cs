using Percheron.Decoding;
using Percheron.Drafters;
using Percheron.Drafters.Trees;
using Percheron.Testing;
using Percheron.Verifiers;
using Xunit;

namespace Percheron.Tests.Decoding;

/// <summary>Trees that carry a plan ask it what nodes are worth.</summary>
public class TreePlanTests
{
    private static readonly NgramDrafter Author = new();

    [Fact]
    public void The_chance_of_a_path_is_the_product_of_its_claims_and_the_tree_expects_their_sum()
    {
        var tree = new TokenTree();
        tree.Reset(1, 4, 8, new FlatPrice(0), Author);
        int first = tree.Add(0, 2, claim: 0.5f), second = tree.Add(first, 3, claim: 0.25f), other = tree.Add(0, 5);
        Assert.Equal([0.5f, 0.125f, 0.5f], [tree.Chance(first), tree.Chance(second), tree.Chance(other)]);
        Assert.Equal(1.125f, tree.Expected);
        Assert.Equal([0, 0, 1], [tree.Rank(first), tree.Rank(second), tree.Rank(other)]);
        tree.Clear();
        Assert.Equal((1, 0, 0f), (tree.Count, tree.Candidates, tree.Expected));
    }

    // The best guess is nearly certain; what comes behind it is thought to be accepted half as often as not, at the root.
    [Theory]
    [InlineData(0.6f, 1)]
    [InlineData(0.4f, 3)]
    public void Siblings_are_drawn_only_as_far_as_they_are_worth_their_rows(float price, int siblings)
    {
        var draft = new ToyModel(12, sharpness: 30);
        var sequence = new Sequence([1, 2, 3], new SequenceOptions { Sampling = SamplingSettings.Plain }) { Random = new SeededRandom(1) };
        var tree = new TokenTree();
        var drafter = new ModelDrafter(draft, depth: 1, width: 3);
        tree.Reset(3, 2, 16, new FlatPrice(price), drafter);
        drafter.Draft([new DraftSlot(sequence, tree)]);
        Assert.Equal(siblings, tree.Count - 1);
        Assert.NotNull(tree.Law(1));
    }

    [Fact]
    public void A_level_of_a_tree_grown_apart_is_priced_behind_the_nodes_that_would_be_taken()
    {
        var plan = new Counting();
        var sequence = new Sequence([1, 2, 3], new SequenceOptions { Sampling = SamplingSettings.Greedy });
        var tree = new TokenTree();
        var drafter = new ModelDrafter(new ToyModel(12), depth: 4, width: 4, tree: new TopKTree());
        tree.Reset(3, 2, 6, plan, drafter);
        drafter.Draft([new DraftSlot(sequence, tree)]);
        Assert.Equal((6, 3), (tree.Count - 1, plan.Asked));
        Assert.InRange(plan.Most, 3, 6);
    }

    private sealed class Counting : TreePlan
    {
        public int Asked { get; private set; }

        public int Most { get; private set; }

        public override float Chance(Drafter author, float claim, bool drawn, int depth, int rank) => claim;

        public override bool WorthRow(Drafter author, float chance, int nodes) => true;

        public override bool WorthLevel(Drafter author, float chance, int depth, int nodes)
        {
            if (depth > 0) (Asked, Most) = (Asked + 1, Math.Max(Most, nodes));
            return true;
        }

        public override bool WorthReading(Drafter author, Sequence sequence, int rows) => true;

        public override float Gain(TokenTree tree) => 1;

        public override float Gain(Drafter author) => 1;
    }

    [Fact]
    public void A_draft_that_says_how_sure_it_is_claims_that()
    {
        var target = new ToyModel(12);
        var head = new ToyHead(target, 0, 1);
        var claims = new Claims();
        var decoder = new Decoder(target, new EagleDrafter(head, depth: 3, confidence: 0), new Coupled(), new DecoderOptions { Observer = claims });
        decoder.Run(new Sequence([1, 2, 3], new SequenceOptions { MaxTokens = 60, Sampling = SamplingSettings.Plain }));
        // The toy's confidence is one of four numbers, by the input of the row above.
        Assert.True(claims.Seen > 20);
    }

    private sealed class Claims : IStepObserver
    {
        public int Seen { get; private set; }

        public void Observe(in Step step)
        {
            for (int node = 1; node < step.Tree.Count; node++, Seen++) Assert.Equal(1 - (step.Tree.Token(step.Tree.Parent(node)) % 4 * 0.1f), step.Tree.Claim(node));
        }
    }

    // Each node of a chain without claims is accepted half as often as the one before.
    [Theory]
    [InlineData(0.6f, 0)]
    [InlineData(0.5f, 1)]
    [InlineData(0.2f, 2)]
    [InlineData(0.1f, 3)]
    public void A_chain_ends_where_its_rows_are_no_longer_worth_their_price(float price, int nodes)
    {
        var sequence = new Sequence([1, 2, 3, 4, 5, 6, 7, 1, 2, 3], new SequenceOptions());
        var tree = new TokenTree();
        tree.Reset(3, 9, 16, new FlatPrice(price), Author);
        Author.Draft([new DraftSlot(sequence, tree)]);
        Assert.Equal(nodes, tree.Count - 1);
    }
}
