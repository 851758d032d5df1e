using Percheron.Verifiers;
using Xunit;

namespace Percheron.Tests.Verifiers;

public class BigLittleTests
{
    private static readonly double[] P = [0.5, 0.3, 0.15, 0.05], Sure = [0.1, 0.1, 0.1, 0.7], Unsure = [0.25, 0.25, 0.25, 0.25];

    [Fact]
    public void A_sure_little_model_stands_until_the_big_one_rolls_back()
    {
        var step = new OneStep(4, _ => P);
        // −log 0.05 = 3.0: below that all tokens stand, and the law is the little model's.
        LawAssert.Equal(Sure, step.Law((tree, random) => Drafts.Draws(tree, random, Sure, 1), new BigLittle(fallback: 0.6, rollback: 3.1), 1));
        step.Law((tree, random) => Drafts.Draws(tree, random, Sure, 1), new BigLittle(fallback: 0.6, rollback: 2.9), 1);
        Assert.Equal(0.3 + 0.05, step.Accepted, 1e-6);
    }

    [Fact]
    public void An_unsure_one_falls_back()
    {
        var step = new OneStep(4, _ => P);
        LawAssert.Equal(P, step.Law((tree, random) => Drafts.Draws(tree, random, Unsure, 1), new BigLittle(fallback: 0.6, rollback: 9), 1));
    }
}
