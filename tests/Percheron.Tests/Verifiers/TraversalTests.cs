using Percheron.Decoding;
using Percheron.Verifiers;
using Xunit;

namespace Percheron.Tests.Verifiers;

public class TraversalTests
{
    private const int Vocab = 3;

    [Fact]
    public void On_a_chain_it_is_block_verification()
    {
        for (ulong seed = 0; seed < 10; seed++)
        {
            ulong s = seed;
            var step = new OneStep(Vocab, path => OneStep.Random(Vocab, s, path));
            step.Law((tree, random) => Chain(tree, random, 50 + s), new Block(), 1);
            double block = step.Accepted;
            step.Law((tree, random) => Chain(tree, random, 50 + s), new Traversal(), 1);
            Assert.Equal(block, step.Accepted, 1e-6);
        }
    }

    [Fact]
    public void On_trees_it_accepts_at_least_what_going_down_does()
    {
        for (ulong seed = 0; seed < 20; seed++)
        {
            ulong s = seed;
            var step = new OneStep(Vocab, path => OneStep.Random(Vocab, s, path));
            step.Law((tree, random) => Tree(tree, random, 50 + s), new SpeculativeSampling(), 1);
            double down = step.Accepted;
            step.Law((tree, random) => Tree(tree, random, 50 + s), new Traversal(), 1);
            Assert.True(step.Accepted >= down - 1e-6, $"seed {seed}: {step.Accepted} < {down}");
        }
    }

    [Fact]
    public void Below_a_node_that_cannot_be_accepted_no_law_is_asked_for()
    {
        // Token 2 is impossible after the root; a law asked for behind it would throw.
        var step = new OneStep(Vocab, path => path is [2, ..] ? throw new InvalidOperationException() : [0.5, 0.5, 0]);
        LawAssert.Equal([0.5, 0.5, 0], step.Law((tree, _) => { tree.Add(tree.Add(0, 2), 1); tree.Add(0, 1); }, new Traversal(), 1));
    }

    private static void Chain(TokenTree tree, RandomSource random, ulong seed) => Drafts.Chain(tree, random, seed, "ddd", Vocab);

    private static void Tree(TokenTree tree, RandomSource random, ulong seed)
    {
        Drafts.Without(tree, random, OneStep.Random(Vocab, seed), 2, 0);
        for (int node = 1; node <= 2; node++) Drafts.Without(tree, random, OneStep.Random(Vocab, seed, tree.Token(node)), 2, node);
    }
}
