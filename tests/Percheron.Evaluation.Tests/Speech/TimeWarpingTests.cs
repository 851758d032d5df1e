using Percheron.Evaluation.Speech;
using Xunit;

namespace Percheron.Evaluation.Tests.Speech;

public class TimeWarpingTests
{
    [Fact]
    public void The_same_at_half_the_pace_costs_nothing()
    {
        double[] fast = [1, 5, 2, 7], slow = [1, 1, 5, 5, 2, 2, 7, 7];
        (double total, IReadOnlyList<(int First, int Second)> path) = TimeWarping.Align(4, 8, (i, j) => Math.Abs(fast[i] - slow[j]));
        Assert.Equal(0, total);
        Assert.Equal(Enumerable.Range(0, 8).Select(j => (j / 2, j)), path);
    }

    [Fact]
    public void The_total_is_that_of_the_cheapest_of_all_alignments_and_of_its_own_path()
    {
        for (int round = 0; round < 40; round++)
        {
            int first = 1 + (round % 5), second = 1 + (round / 8);
            double Distance(int i, int j) => Math.Abs(Math.Sin((i * 1.7) + round) - Math.Cos((j * 0.9) + (round * 2)));
            (double total, IReadOnlyList<(int First, int Second)> path) = TimeWarping.Align(first, second, Distance);
            Assert.Equal(Cheapest(first - 1, second - 1, Distance), total, 1e-12);
            Assert.Equal(path.Sum(pair => Distance(pair.First, pair.Second)), total, 1e-12);
            Assert.Equal((0, 0), path[0]);
            Assert.Equal((first - 1, second - 1), path[^1]);
        }
    }

    [Fact]
    public void Nothing_cannot_be_aligned()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => TimeWarping.Align(0, 3, (_, _) => 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => TimeWarping.Align(1 << 20, 1 << 20, (_, _) => 0));
    }

    private static double Cheapest(int i, int j, Func<int, int, double> distance)
    {
        double before = (i, j) switch
        {
            (0, 0) => 0,
            (0, _) => Cheapest(0, j - 1, distance),
            (_, 0) => Cheapest(i - 1, 0, distance),
            _ => Math.Min(Cheapest(i - 1, j - 1, distance), Math.Min(Cheapest(i - 1, j, distance), Cheapest(i, j - 1, distance))),
        };
        return before + distance(i, j);
    }
}
