using Percheron.Verifiers;
using Xunit;

namespace Percheron.Tests.Verifiers;

public class ToleranceTests
{
    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    public void A_candidate_is_accepted_so_much_more_often(double tolerance)
    {
        for (ulong seed = 0; seed < 10; seed++)
        {
            double[] p = OneStep.Random(4, seed), q = OneStep.Random(4, 100 + seed);
            var step = new OneStep(4, _ => p);
            double[] law = step.Law((tree, random) => Drafts.Draws(tree, random, q, 1), new Tolerance(tolerance), 1);
            double[] accepted = [.. p.Zip(q, (x, y) => y * Math.Min(1, (x / y) + tolerance))];
            Assert.Equal(accepted.Sum(), step.Accepted, 1e-6);
            // What is refused is replaced as in the exact rule.
            double[] left = [.. p.Zip(q, (x, y) => Math.Max(0, x - y))];
            LawAssert.Equal([.. accepted.Zip(left, (a, l) => a + ((1 - accepted.Sum()) * l / left.Sum()))], law, 1e-6);
        }
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void A_tolerance_is_a_probability(double tolerance) => Assert.Throws<ArgumentOutOfRangeException>(() => new Tolerance(tolerance));
}
