using Percheron.Decoding;
using Percheron.Verifiers;
using Xunit;

namespace Percheron.Tests.Verifiers;

public class BlockTests
{
    private const int Vocab = 3;

    [Theory]
    [InlineData("ddd")]
    [InlineData("d")]
    [InlineData("fff")]
    [InlineData("dfd")]
    [InlineData("fdf")]
    [InlineData("")]
    public void A_chain_of_any_kind_leaves_the_targets_law(string kinds)
    {
        for (ulong seed = 0; seed < 12; seed++)
        {
            ulong s = seed;
            var step = new OneStep(Vocab, path => OneStep.Random(Vocab, s, path));
            double[] law = step.Law((tree, random) => Chain(tree, random, 100 + s, kinds), new Block(), 4);
            Assert.Equal(1, step.Mass, 1e-9);
            LawAssert.Equal(step.Own(4), law);
        }
    }

    [Fact]
    public void It_accepts_more_than_token_by_token()
    {
        double block = 0, tokens = 0;
        for (ulong seed = 0; seed < 40; seed++)
        {
            ulong s = seed;
            var step = new OneStep(Vocab, path => OneStep.Random(Vocab, s, path));
            step.Law((tree, random) => Chain(tree, random, 1000 + s, "ddd"), new SpeculativeSampling(), 1);
            double one = step.Accepted;
            step.Law((tree, random) => Chain(tree, random, 1000 + s, "ddd"), new Block(), 1);
            Assert.True(step.Accepted >= one - 1e-6, $"seed {seed}: {step.Accepted} < {one}");
            (block, tokens) = (block + (step.Accepted / 40), tokens + (one / 40));
        }
        Assert.True(block > tokens + 0.05, $"{block} against {tokens}");
    }

    [Fact]
    public void Of_a_tree_it_reads_the_first_children()
    {
        var step = new OneStep(Vocab, path => OneStep.Random(Vocab, 5, path));
        double[] law = step.Law(
            (tree, random) =>
            {
                tree.Add(0, 2, probe: true);
                Distribution q = OneStep.Fill(tree.RentLaw(), OneStep.Random(Vocab, 6));
                Span<int> tokens = stackalloc int[2];
                random.Draw(1, q, tokens);
                int first = tree.Add(0, tokens[0], q);
                tree.Add(0, tokens[1], q);
                tree.Add(first, 1);
            },
            new Block(), 3);
        LawAssert.Equal(step.Own(3), law);
    }

    [Fact]
    public void A_draft_that_is_the_target_is_accepted_in_full()
    {
        var step = new OneStep(Vocab, path => OneStep.Random(Vocab, 5, path));
        step.Law((tree, random) => Chain(tree, random, 5, "ddd"), new Block(), 1);
        Assert.Equal(3, step.Accepted, 1e-6);
    }

    [Fact]
    public void Laws_that_differ_by_rounding_or_hardly_overlap_do_no_harm()
    {
        double[][] laws = [[1, 0, 0], [0, 0, 1], [0.5, 0.5, 0], [1 - 2e-7, 1e-7, 1e-7], [0.3333333, 0.3333334, 0.3333333], [1e-30, 1, 0], [0.3, 0.7 - 1e-12, 1e-12]];
        foreach (double[] p in laws)
            foreach (double[] q in laws)
            {
                var step = new OneStep(Vocab, _ => p);
                double[] law = step.Law(
                    (tree, random) =>
                    {
                        for (int at = 0; at < 3;)
                        {
                            Distribution d = OneStep.Fill(tree.RentLaw(), q);
                            at = tree.Add(at, random.Draw(at + 1, d), d);
                        }
                    },
                    new Block(), 4);
                LawAssert.Equal(step.Own(4), law);
            }
    }

    private static void Chain(TokenTree tree, RandomSource random, ulong seed, string kinds)
    {
        var path = new List<int>();
        foreach (char kind in kinds)
        {
            double[] q = OneStep.Random(Vocab, seed, [.. path]);
            Distribution? law = kind == 'd' ? OneStep.Fill(tree.RentLaw(), q) : null;
            int token = law is null ? Array.IndexOf(q, q.Max()) : random.Draw(path.Count + 1, law);
            tree.Add(path.Count, token, law);
            path.Add(token);
        }
    }
}
