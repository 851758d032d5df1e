using Percheron.Verifiers;
using Xunit;

namespace Percheron.Tests.Verifiers;

public class CascadeDeferralTests
{
    // TV(p, q) = 0.2.
    private static readonly double[] P = [0.6, 0.2, 0.1, 0.1], Q = [0.4, 0.4, 0.1, 0.1];

    [Theory]
    [InlineData(DeferralRule.Chow, 0.61, true)]
    [InlineData(DeferralRule.Chow, 0.59, false)]
    [InlineData(DeferralRule.Difference, 0.21, true)]
    [InlineData(DeferralRule.Difference, 0.19, false)]
    [InlineData(DeferralRule.Variation, 1.01, true)]
    [InlineData(DeferralRule.Variation, 0.99, false)]
    public void The_law_is_the_drafts_where_it_is_kept_and_the_targets_where_it_is_deferred(DeferralRule rule, double alpha, bool kept)
    {
        var step = new OneStep(4, _ => P);
        LawAssert.Equal(kept ? Q : P, step.Law((tree, random) => Drafts.Draws(tree, random, Q, 1), new CascadeDeferral(alpha, rule), 1));
    }

    [Fact]
    public void Fixed_candidates_are_deferred()
    {
        var step = new OneStep(4, _ => P);
        LawAssert.Equal(P, step.Law((tree, _) => tree.Add(0, 1), new CascadeDeferral(5, DeferralRule.Chow), 1));
    }
}
