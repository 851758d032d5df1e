using Percheron.Verifiers;
using Xunit;

namespace Percheron.Tests.Verifiers;

public class FuzzyTests
{
    private static readonly double[] P = [0.5, 0.3, 0.15, 0.05], Q = [0.3, 0.5, 0.15, 0.05];

    // TV = 0.2; KL = 0.5·log(5/3) + 0.3·log(3/5) = 0.1022; JS to the middle law (0.4, 0.4, …): 0.0253.
    [Theory]
    [InlineData(Divergence.Tv, 0.2)]
    [InlineData(Divergence.Kl, 0.10217)]
    [InlineData(Divergence.Js, 0.02526)]
    public void Everything_is_accepted_where_the_laws_are_close(Divergence divergence, double distance)
    {
        var step = new OneStep(4, _ => P);
        LawAssert.Equal(Q, step.Law((tree, random) => Drafts.Draws(tree, random, Q, 1), new Fuzzy(distance + 1e-4, divergence), 1));
        Assert.Equal(1, step.Accepted, 1e-9);
        LawAssert.Equal(P, step.Law((tree, random) => Drafts.Draws(tree, random, Q, 1), new Fuzzy(distance - 1e-4, divergence), 1));
        Assert.Equal(0.8, step.Accepted, 1e-6);
    }

    [Fact]
    public void A_fixed_candidate_is_as_far_away_as_it_is_improbable()
    {
        var step = new OneStep(4, _ => P);
        step.Law((tree, _) => tree.Add(0, 0), new Fuzzy(0.51, Divergence.Tv), 1);
        Assert.Equal(1, step.Accepted, 1e-9);
        step.Law((tree, _) => tree.Add(0, 1), new Fuzzy(0.51, Divergence.Tv), 1);
        Assert.Equal(0.3, step.Accepted, 1e-6);
    }
}
