using Percheron.Verifiers;
using Xunit;

namespace Percheron.Tests.Verifiers;

public class MentoredTests
{
    [Theory]
    [InlineData(0.01)]
    [InlineData(0.1)]
    [InlineData(0.4)]
    public void The_budget_is_kept_and_used(double budget)
    {
        for (ulong seed = 0; seed < 20; seed++)
        {
            double[] p = OneStep.Random(4, seed), q = OneStep.Random(4, 100 + seed);
            var step = new OneStep(4, _ => p);
            double[] law = step.Law((tree, random) => Drafts.Draws(tree, random, q, 1), new Mentored(budget), 1);
            // Where the draft itself lies within the budget it is followed altogether.
            double spent = Divergence(p, law), most = Math.Min(budget, Divergence(p, q));
            Assert.Equal(most, spent, 1e-5);
            if (Divergence(p, q) <= budget) LawAssert.Equal(q, law, 1e-6);
        }
    }

    [Fact]
    public void Of_a_fixed_candidate_the_probability_is_raised_as_far_as_the_budget_goes()
    {
        double[] p = [0.4, 0.3, 0.2, 0.1];
        var step = new OneStep(4, _ => p);
        double[] law = step.Law((tree, _) => tree.Add(0, 1), new Mentored(0.1), 1);
        Assert.Equal(0.1, Divergence(p, law), 1e-5);
        Assert.True(law[1] > 0.45 && Math.Abs((law[0] / law[3]) - 4) < 1e-5, $"{law[1]}");
    }

    private static double Divergence(double[] p, double[] law) => p.Zip(law, (x, y) => x * Math.Log(x / y)).Sum();
}
