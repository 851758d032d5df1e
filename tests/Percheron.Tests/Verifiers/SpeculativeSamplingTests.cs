using Percheron.Decoding;
using Percheron.Verifiers;
using Xunit;

namespace Percheron.Tests.Verifiers;

public class SpeculativeSamplingTests
{
    private const int Vocab = 4;

    [Fact]
    public void Acceptance_is_what_theory_says()
    {
        for (ulong seed = 0; seed < 20; seed++)
        {
            ulong s = seed;
            double[] p = OneStep.Random(Vocab, s), q = OneStep.Random(Vocab, 100 + s);
            var step = new OneStep(Vocab, path => OneStep.Random(Vocab, s, path));
            step.Law((tree, random) => Drafts.Draws(tree, random, 100 + s, 1), new SpeculativeSampling(), 1);
            Assert.Equal(p.Zip(q, Math.Min).Sum(), step.Accepted, 1e-6);
            step.Law((tree, random) => Drafts.Fixed(tree, 2, 0), new SpeculativeSampling(), 1);
            Assert.Equal(p[2] + p[0], step.Accepted, 1e-6);
            step.Law((tree, random) => Drafts.Without(tree, random, 100 + s, 4, 0), new SpeculativeSampling(), 1);
            Assert.Equal(1, step.Accepted, 1e-6);           // every token is there
            step.Law((tree, random) => Drafts.Draws(tree, random, s, 1), new SpeculativeSampling(), 1);
            Assert.Equal(1, step.Accepted, 1e-6);           // the draft is the target
        }
    }

    [Fact]
    public void Laws_that_differ_by_rounding_or_hardly_overlap_do_no_harm()
    {
        double[][] laws = [[1, 0, 0, 0], [0, 0, 0, 1], [0.5, 0.5, 0, 0], [0.25, 0.25, 0.25, 0.25], [1 - 3e-7, 1e-7, 1e-7, 1e-7], [0.2500001, 0.2499999, 0.25, 0.25], [1e-30, 1, 0, 0], [0.3, 0.7 - 1e-12, 1e-12, 0]];
        foreach (double[] p in laws)
            foreach (double[] q in laws)
                foreach (int draws in new[] { 1, 2, 4 })
                {
                    var step = new OneStep(Vocab, _ => p);
                    LawAssert.Equal(step.Own(1), step.Law((tree, random) => Siblings(tree, random, q, draws), new SpeculativeSampling(), 1));
                    LawAssert.Equal(step.Own(1), step.Law((tree, random) => { for (int i = 0; i < draws; i++) Siblings(tree, random, q, 1); }, new SpeculativeSampling(), 1));
                }
    }

    [Fact]
    public void A_token_the_target_never_gives_is_never_accepted()
    {
        foreach (double[] q in (double[][])[[1 - 1e-7, 1e-7, 0, 0], [1 - 1e-12, 1e-12, 0, 0], [0.5, 0.5, 0, 0], [1, 1e-30, 0, 0]])
            foreach (int draws in new[] { 1, 2 })
            {
                var step = new OneStep(Vocab, _ => [1, 0, 0, 0]);
                double[] law = step.Law((tree, random) => Siblings(tree, random, q, draws), new SpeculativeSampling(), 1);
                Assert.Equal([1, 0, 0, 0], law.Select(p => Math.Round(p, 12)));
                Assert.Equal(0, law[1]);
                law = step.Law((tree, random) => Siblings(tree, random, q, 1), new Block(), 1);
                Assert.Equal(0, law[1]);
            }
    }

    [Fact]
    public void A_tag_that_cannot_be_true_counts_as_fixed()
    {
        var step = new OneStep(Vocab, path => OneStep.Random(Vocab, 3, path));
        double[] law = step.Law((tree, _) => tree.Add(0, 2, OneStep.Distribution([0.5, 0.5, 0, 0])), new SpeculativeSampling(), 1);
        LawAssert.Equal(step.Own(1), law);
        Assert.Equal(OneStep.Random(Vocab, 3)[2], step.Accepted, 1e-6);
    }

    private static void Siblings(TokenTree tree, RandomSource random, double[] q, int count)
    {
        Distribution law = OneStep.Fill(tree.RentLaw(), q);
        Span<int> tokens = stackalloc int[count];
        foreach (int token in tokens[..random.Draw(1, law, tokens)]) tree.Add(0, token, law);
    }
}
