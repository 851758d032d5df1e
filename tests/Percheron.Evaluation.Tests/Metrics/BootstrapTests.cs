using Percheron.Decoding;
using Percheron.Evaluation.Metrics;
using Xunit;

namespace Percheron.Evaluation.Tests.Metrics;

public class BootstrapTests
{
    private static readonly MeanScore Mean = new("mean", higherIsBetter: true);

    [Fact]
    public void The_interval_of_a_mean_is_that_of_its_law()
    {
        // Uniform numbers: a deviation of √(1/12), of the mean of 400 of them a twentieth.
        SampleSums sums = Values(400, i => Philox.Uniform(3, (ulong)i, 0));
        Interval interval = new Bootstrap(2000).Of(Mean, sums);
        double deviation = Math.Sqrt(1 / 12.0) / 20;
        Assert.InRange(interval.High - interval.Value, 1.7 * deviation, 2.2 * deviation);
        Assert.InRange(interval.Value - interval.Low, 1.7 * deviation, 2.2 * deviation);
    }

    [Fact]
    public void The_same_seed_gives_the_same_interval()
    {
        SampleSums sums = Values(50, i => i);
        Assert.Equal(new Bootstrap(100, 5).Of(Mean, sums), new Bootstrap(100, 5).Of(Mean, sums));
        Assert.NotEqual(new Bootstrap(100, 5).Of(Mean, sums), new Bootstrap(100, 6).Of(Mean, sums));
    }

    [Fact]
    public void Systems_that_say_the_same_lose_exactly_nothing()
    {
        SampleSums sums = Values(50, i => i + 1);
        Assert.Equal(new Interval(0, 0, 0), new Bootstrap(100).Loss(Mean, sums, sums));
    }

    [Fact]
    public void What_pairs_have_in_common_cancels()
    {
        // Prompts differ much, the second system is a hundredth worse on every one of them.
        SampleSums plain = Values(60, i => 1 + (100 * Philox.Uniform(4, (ulong)i, 0))), other = Values(60, i => 0.99 * (1 + (100 * Philox.Uniform(4, (ulong)i, 0))));
        Interval loss = new Bootstrap(200).Loss(Mean, plain, other);
        Assert.Equal(1, loss.Value, 9);
        Assert.Equal(1, loss.Low, 9);
        Assert.Equal(1, loss.High, 9);
    }

    [Fact]
    public void A_loss_is_positive_whichever_way_the_metric_points()
    {
        SampleSums low = Values(10, _ => 2), high = Values(10, _ => 4);
        Assert.Equal(50, new Bootstrap(40).Loss(Mean, high, low).Value);
        Assert.Equal(100, new Bootstrap(40).Loss(new MeanScore("error", higherIsBetter: false), low, high).Value);
    }

    [Fact]
    public void Large_sums_are_resampled_by_blocks_and_keep_their_width()
    {
        SampleSums features = new(FrechetDistance.SizeOf(120));
        for (int i = 0; i < 1000; i++)
            FrechetDistance.Count([.. Enumerable.Range(0, 120).Select(j => Philox.Uniform(9, (ulong)i, (ulong)j))], features.Add());
        // The first sum of features only: its interval is known whatever the resampling.
        Interval interval = new Bootstrap(400).Of(new FirstFeature(features.Size), features);
        Assert.InRange((interval.High - interval.Low) / (2 * 1.96 * Math.Sqrt(1 / 12.0 / 1000)), 0.8, 1.2);
    }

    [Fact]
    public void Samples_that_are_no_pairs_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new Bootstrap(40).Loss(Mean, Values(3, i => i), Values(4, i => i)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Bootstrap(39));
    }

    [Fact]
    public void Blocks_hold_all_samples_once()
    {
        SampleSums sums = Values(103, i => i);
        SampleSums blocks = sums.Blocks(10);
        Assert.Equal(10, blocks.Count);
        Assert.Equal(sums.Total(), blocks.Total());
        Assert.Equal(3, Values(3, i => i).Blocks(10).Count);
    }

    private static SampleSums Values(int count, Func<int, double> value)
    {
        SampleSums sums = new(2);
        for (int i = 0; i < count; i++) MeanScore.Count(value(i), sums.Add());
        return sums;
    }

    private sealed class FirstFeature(int size) : ICorpusMetric
    {
        public string Name => "first";

        public int Size => size;

        public bool HigherIsBetter => true;

        public double Score(ReadOnlySpan<double> sums) => sums[1] / sums[0];
    }
}
