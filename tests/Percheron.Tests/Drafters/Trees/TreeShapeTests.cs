using Percheron.Decoding;
using Percheron.Drafters;
using Percheron.Drafters.Trees;
using Percheron.Models;
using Percheron.Planning;
using Percheron.Testing;
using Percheron.Verifiers;
using Xunit;

namespace Percheron.Tests.Drafters.Trees;

/// <summary>What each shape claims of its places; that text and law stay the target's is conformance.</summary>
public class TreeShapeTests
{
    [Theory]
    [InlineData(0f, false)]
    [InlineData(1f, false)]
    [InlineData(1f, true)]
    public void A_static_tree_has_the_nodes_of_its_list_as_far_as_the_budget_goes(float temperature, bool best)
    {
        string[] list = ["0", "00", "1", "01", "000", "2", "10"];
        for (int budget = 1; budget <= list.Length; budget++)
        {
            TokenTree tree = Draft(new ModelDrafter(Toy.Draft(), tree: new StaticTree(string.Join(' ', list), best)), temperature, budget);
            Assert.Equal(list[..budget].Order(), Nodes(tree).Select(n => Ranks(tree, n)).Order());
            Assert.All(Nodes(tree), n => Assert.Equal(temperature > 0 && !best, tree.Law(n) is not null));
            // Distinct siblings; where they are the most probable tokens, in that order.
            foreach (int node in Nodes(tree))
                if (tree.NextCandidate(node) is > 0 and var next) Assert.True(tree.Token(node) != tree.Token(next) && (temperature > 0 && !best || tree.Claim(node) >= tree.Claim(next)));
        }
    }

    [Theory]
    [InlineData("00 0", "before its parent")]
    [InlineData("1 0", "not the next child")]
    [InlineData("0 0", "not the next child")]
    [InlineData("0 0-", "no path")]
    [InlineData(" ", "at least one")]
    public void A_list_that_is_no_tree_is_refused(string paths, string says) =>
        Assert.Contains(says, Assert.Throws<ArgumentException>(() => new StaticTree(paths)).Message, StringComparison.Ordinal);

    [Fact]
    public void Sequoia_grows_narrow_where_first_children_are_right_and_wide_where_they_are_not()
    {
        Assert.Equal((8, 8), Shape(Toy.Draft(noise: 0)));
        (int nodes, int depth) = Shape(new ToyModel(Toy.Vocab, seed: 99));
        Assert.Equal(8, nodes);
        Assert.InRange(depth, 1, 3);

        static (int Nodes, int Depth) Shape(IModel draft)
        {
            var drafter = new ModelDrafter(draft, depth: 8, tree: new SequoiaTree(8));
            var decoder = new Decoder(Toy.Target(), drafter, new SpeculativeSampling(), new DecoderOptions { Budget = new FixedBudget(8) });
            decoder.Run(new Sequence([1, 2, 3], Toy.Options(1, tokens: 1500)));
            TokenTree tree = Draft(drafter, 1, 8);
            return (tree.Candidates, Nodes(tree).Max(tree.Depth));
        }
    }

    [Fact]
    public void Sequoia_wins_more_than_a_chain_and_a_fan_of_as_many_nodes()
    {
        double chain = Length(new ModelDrafter(Toy.Draft(4), depth: 8, confidence: 0)), fan = Length(new ModelDrafter(Toy.Draft(4), depth: 1, width: 8, confidence: 0));
        double planned = Length(new ModelDrafter(Toy.Draft(4), depth: 8, tree: new SequoiaTree(8)));
        Assert.True(planned > chain && planned > fan, $"{planned}; chain {chain}, fan {fan}");

        static double Length(Drafter drafter) => Toy.AcceptedLength(drafter, 1, budget: 8, tokens: 1000, new SpeculativeSampling());
    }

    [Fact]
    public void Best_first_finds_the_most_probable_paths_there_are()
    {
        // Enough forwards for all of it: nothing that was left out is more probable than what was taken.
        ToyModel draft = Toy.Draft();
        TokenTree tree = Draft(new ModelDrafter(draft, depth: 40, width: Toy.Vocab, tree: new SpecExecTree(expand: 2, decay: 1)), 1, 20);
        double[] found = [.. Nodes(tree).Select(n => PathOf(draft, tree, n)).OrderDescending()], all = [.. AllPaths(draft, 4).OrderDescending()];
        Assert.Equal(20, found.Length);
        for (int i = 0; i < 20; i++) Assert.Equal(all[i], found[i], 1e-4);
        Assert.InRange(draft.Forwards, 2, 39);
    }

    [Fact]
    public void The_opt_tree_holds_the_most_probable_paths_and_stops_where_a_level_adds_too_little()
    {
        ToyModel draft = Toy.Draft();
        TokenTree tree = Draft(new ModelDrafter(draft, depth: 4, width: Toy.Vocab, tree: new OptTree(expand: 64, gain: 0)), 1, 12);
        double[] all = [.. AllPaths(draft, 4).OrderDescending()];
        Assert.Equal(all[..12].Sum(), Nodes(tree).Sum(n => PathOf(draft, tree, n)), 1e-3);

        // Levels of 0.9, 0.81, 0.73, 0.66 …: the fourth adds less than 0.7, so it is the last.
        var sure = new Scripted([0.9, 0.1, 1e-6, 1e-6]);
        Assert.Equal(4, Draft(new ModelDrafter(sure, depth: 9, tree: new OptTree(gain: 0.7)), 1, 20).Candidates);
        Assert.Equal(4, sure.Forwards);
    }

    // Guesses below 0.6, where a chain ends: they stand in a wide tree, and nothing is drafted behind them.
    [Theory]
    [InlineData(0.5, 3, 1)]
    [InlineData(0.8, 9, 3)]
    public void Doubtful_nodes_of_a_wide_tree_stand_and_are_not_expanded(double best, int candidates, int forwards)
    {
        var draft = new Scripted([best, 0.6 * (1 - best), 0.4 * (1 - best), 1e-6]);
        TokenTree tree = Draft(new ModelDrafter(draft, width: 3, tree: new TopKTree()), 1, 16);
        Assert.Equal((candidates, forwards), (tree.Candidates, draft.Forwards));
    }

    [Fact]
    public void A_stochastic_beam_is_as_wide_as_it_may_be_on_every_level_and_gives_doubtful_nodes_more_children()
    {
        for (ulong seed = 0; seed < 20; seed++)
        {
            TokenTree tree = Draft(new ModelDrafter(Toy.Draft(), depth: 4, width: 3, tree: new StochasticBeamTree()), 1, 64, seed);
            for (int depth = 1; depth <= 4; depth++) Assert.Equal(3, Nodes(tree).Count(n => tree.Depth(n) == depth));
            foreach (int node in Nodes(tree))
                for (int other = tree.NextCandidate(node); other >= 0; other = tree.NextCandidate(other)) Assert.True(tree.Token(node) != tree.Token(other) && tree.Law(node) == tree.Law(other));
        }
        // Two children at the root; where the laws below are sure both paths go on alone, where they are doubtful the first parts and the second waits.
        double[] coin = [0.5, 0.5, 1e-6, 1e-6], sure = [0.999, 0.0005, 0.0003, 0.0002], flat = [0.25, 0.25, 0.25, 0.25];
        Assert.Equal([0, 0, 1, 2], Parents(coin, sure));
        Assert.Equal([0, 0, 1, 1], Parents([0.98, 0.01, 0.005, 0.005], flat));

        static int[] Parents(params double[][] laws)
        {
            TokenTree tree = Draft(new ModelDrafter(new Scripted(laws), depth: 2, width: 2, tree: new StochasticBeamTree()), 1, 64);
            return [.. Nodes(tree).Select(tree.Parent)];
        }
    }

    [Theory]
    [InlineData(typeof(SequoiaTree))]
    [InlineData(typeof(StochasticBeamTree))]
    [InlineData(typeof(SpecExecTree))]
    [InlineData(typeof(OptTree))]
    public void Shapes_serve_a_batch_and_other_drafters(Type shape)
    {
        object?[] Defaults() => [.. shape.GetConstructors()[0].GetParameters().Select(p => p.DefaultValue)];
        Toy.SaysWhatPlainDecodingSays(target => new SelfDrafter(target, skip: 1, depth: 3, width: 2, tree: (TreeShape)Activator.CreateInstance(shape, Defaults())!));
        foreach (float temperature in new[] { 0f, 1f })
            Toy.AllocatesNothing(new ModelDrafter(Toy.Draft(), 4, 3, (TreeShape)Activator.CreateInstance(shape, Defaults())!), temperature);
    }

    [Fact]
    public void Senseless_options_are_refused()
    {
        Assert.ThrowsAny<ArgumentException>(() => new SequoiaTree(0));
        Assert.ThrowsAny<ArgumentException>(() => new SequoiaTree(129));
        Assert.ThrowsAny<ArgumentException>(() => new OptTree(0));
        Assert.ThrowsAny<ArgumentException>(() => new OptTree(1, -1));
        Assert.ThrowsAny<ArgumentException>(() => new SpecExecTree(0));
        Assert.ThrowsAny<ArgumentException>(() => new SpecExecTree(1, 0));
    }

    private static TokenTree Draft(ModelDrafter drafter, float temperature, int budget, ulong seed = 1)
    {
        var sequence = new Sequence([1, 2, 3], Toy.Options(temperature) with { Random = new SeededRandom(seed) });
        var tree = new TokenTree();
        tree.Reset(3, 2, budget);
        drafter.Draft([new DraftSlot(sequence, tree)]);
        return tree;
    }

    private static IEnumerable<int> Nodes(TokenTree tree) => Enumerable.Range(1, tree.Count - 1);

    private static string Ranks(TokenTree tree, int node) => node == 0 ? "" : Ranks(tree, tree.Parent(node)) + tree.Rank(node);

    private static double PathOf(ToyModel draft, TokenTree tree, int node)
    {
        double p = 1;
        for (; node > 0; node = tree.Parent(node))
        {
            var path = new List<int>();
            for (int at = tree.Parent(node); at > 0; at = tree.Parent(at)) path.Add(tree.Token(at));
            p *= Law(draft, [.. path, 3, 2, 1])[tree.Token(node)];
        }
        return p;
    }

    private static IEnumerable<double> AllPaths(ToyModel draft, int depth)
    {
        return Below([3, 2, 1], 1, depth);

        IEnumerable<double> Below(int[] newestFirst, double p, int left)
        {
            if (left == 0 || p < 1e-3) yield break;
            double[] law = Law(draft, newestFirst);
            for (int x = 0; x < law.Length; x++)
            {
                yield return p * law[x];
                foreach (double deeper in Below([x, .. newestFirst], p * law[x], left - 1)) yield return deeper;
            }
        }
    }

    private static double[] Law(ToyModel draft, int[] newestFirst)
    {
        var logits = new float[draft.Vocab];
        draft.Logits(newestFirst, logits);
        double[] weights = [.. logits.Select(l => Math.Pow(Math.E, l))];
        return [.. weights.Select(w => w / weights.Sum())];
    }
}
