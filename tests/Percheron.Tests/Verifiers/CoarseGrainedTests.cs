using Percheron.Verifiers;
using Xunit;

namespace Percheron.Tests.Verifiers;

public class CoarseGrainedTests
{
    // Nearest neighbours are 1 apart on average.
    private static readonly TokenVectors Line = new(4, 1, static (token, vector) => vector[0] = token), Pairs = new(4, 1, static (token, vector) => vector[0] = (10 * (token / 2)) + (token % 2));

    // The claim, on every kind of proposal: where groups are a partition, the group of the next token has the target's law, though the token has not.
    [Fact]
    public void Groups_have_the_targets_law_whatever_is_drafted()
    {
        double furthest = 0;
        foreach ((string draft, var propose) in Drafts.All)
            for (ulong seed = 0; seed < 3; seed++)
            {
                ulong s = seed;
                double[] p = OneStep.Random(4, s);
                var step = new OneStep(4, path => path.Length == 0 ? p : OneStep.Random(4, s, path));
                double[] law = step.Law((tree, random) => propose(tree, random, 100 + s), new CoarseGrained(Pairs), 1);
                Assert.True(Math.Abs(p[0] + p[1] - law[0] - law[1]) < 1e-7 && Math.Abs(law.Sum() - 1) < 1e-7, $"{draft}: {law[0] + law[1]} instead of {p[0] + p[1]}");
                furthest = Math.Max(furthest, LawAssert.Distance(p, law));
            }
        Assert.True(furthest > 0.05, "tokens should not have the target's law");
    }

    // Groups that overlap, drawn along with the token: 0 and 1, then three, three, and 2 and 3.
    [Fact]
    public void Overlapping_groups_share_a_tokens_probability()
    {
        int[][] groups = [[0, 1], [0, 1, 2], [1, 2, 3], [2, 3]];
        for (ulong seed = 0; seed < 5; seed++)
        {
            double[] p = OneStep.Random(4, seed), q = OneStep.Random(4, 50 + seed);
            double[] coarseP = [.. groups.Select(g => g.Sum(t => p[t] / groups[t].Length))], coarseQ = [.. groups.Select(g => g.Sum(t => q[t] / groups[t].Length))];
            double[] left = [.. coarseP.Zip(coarseQ, (x, y) => Math.Max(0, x - y))], expected = new double[4];
            double accepted = coarseP.Zip(coarseQ, Math.Min).Sum();
            for (int k = 0; k < 4; k++)
                foreach (int t in groups[k])
                {
                    expected[t] += q[t] / groups[t].Length * Math.Min(1, coarseP[k] / coarseQ[k]);
                    expected[t] += (1 - accepted) * left[k] / left.Sum() * p[t] / groups[t].Length / coarseP[k];
                }
            var step = new OneStep(4, _ => p);
            LawAssert.Equal(expected, step.Law((tree, random) => Drafts.Draws(tree, random, q, 1), new CoarseGrained(Line), 1), 1e-6);
            Assert.Equal(accepted, step.Accepted, 1e-6);
        }
    }

    [Fact]
    public void Tokens_without_a_vector_are_judged_by_themselves()
    {
        double[] p = [0.1, 0.2, 0.3, 0.4], q = [0.4, 0.1, 0.4, 0.1];
        // Only tokens 2 and 3 have vectors, and are one group.
        var vectors = new TokenVectors(2, 1, static (index, vector) => vector[0] = index) { First = 2 };
        var step = new OneStep(4, _ => p);
        step.Law((tree, random) => Drafts.Draws(tree, random, q, 1), new CoarseGrained(vectors), 1);
        Assert.Equal(0.1 + 0.1 + 0.5, step.Accepted, 1e-6);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    public void A_distance_is_not_negative(double distance) => Assert.Throws<ArgumentOutOfRangeException>(() => new CoarseGrained(Line, distance));
}
