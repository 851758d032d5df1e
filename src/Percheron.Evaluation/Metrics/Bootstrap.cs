using Percheron.Decoding;

namespace Percheron.Evaluation.Metrics;

/// <summary>
/// Percentile intervals by resampling whole samples with replacement. Two systems that answered the same prompts are resampled together, so that what is common to both cancels. The draws follow from the
/// seed alone.
/// Source: Efron and Tibshirani, "An Introduction to the Bootstrap" (1993), chapter 13; Koehn, "Statistical Significance Tests for Machine Translation Evaluation" (2004).
/// </summary>
/// <param name="resamples">At least 40, so that 2.5 % of them are one.</param>
/// <param name="seed">Of the draws.</param>
public sealed class Bootstrap(int resamples = 1000, ulong seed = 1)
{
    // Adding up a resample costs its samples × their sums: metrics with large sums, which is FID, are resampled by blocks, whose order says nothing about their content.
    private const int MostAdditions = 1 << 20;
    private const int FewestBlocks = 100;

    private readonly int _resamples = resamples >= 40 ? resamples : throw new ArgumentOutOfRangeException(nameof(resamples), "at least 40 resamples make an interval");

    /// <summary>How many samples of so many sums each are resampled one by one; more are joined to so many blocks, and may as well be added up that way.</summary>
    public static int MostSamples(int size) => Math.Max(FewestBlocks, MostAdditions / size);

    /// <summary>A score and its interval.</summary>
    public Interval Of(ICorpusMetric metric, SampleSums sums) => Of(sums, sums, (a, _) => metric.Score(a));

    /// <summary>
    /// How much worse the second system is than the first, in percent of the first's score: positive where it is worse, whichever way the metric points.
    /// </summary>
    /// <param name="metric">Of both.</param>
    /// <param name="plain">Samples of the first; at least one.</param>
    /// <param name="other">Samples of the second, for the same prompts in the same order.</param>
    public Interval Loss(ICorpusMetric metric, SampleSums plain, SampleSums other)
    {
        int sign = metric.HigherIsBetter ? 1 : -1;
        return Of(plain, other, (a, b) =>
        {
            double before = metric.Score(a), after = metric.Score(b);
            return before == after ? 0 : 100 * sign * (before - after) / Math.Abs(before);
        });
    }

    /// <summary>Any function of the sums of both.</summary>
    private Interval Of(SampleSums one, SampleSums other, Statistic statistic)
    {
        if (one.Count != other.Count || one.Count == 0) throw new ArgumentException($"{one.Count} and {other.Count} samples are no pairs", nameof(other));
        double value = statistic(one.Total(), other.Total());
        int blocks = MostSamples(one.Size);
        if (blocks < one.Count) (one, other) = (one.Blocks(blocks), other.Blocks(blocks));
        var values = new double[_resamples];
        double[] first = new double[one.Size], second = new double[one.Size];
        var times = new int[one.Count];
        for (int resample = 0; resample < values.Length; resample++)
        {
            Draw(times, resample);
            Array.Clear(first);
            Array.Clear(second);
            for (int i = 0; i < times.Length; i++)
            {
                if (times[i] == 0) continue;
                one.AddTo(first, i, times[i]);
                other.AddTo(second, i, times[i]);
            }
            values[resample] = statistic(first, second);
        }
        // A resample without what a rate is divided by says nothing.
        double[] sorted = [.. values.Where(v => !double.IsNaN(v)).Order()];
        return sorted.Length == 0 ? new Interval(value, double.NaN, double.NaN) : new Interval(value, At(sorted, 0.025), At(sorted, 0.975));
    }

    private void Draw(int[] times, int resample)
    {
        Array.Clear(times);
        for (int draw = 0; draw < times.Length; draw++) times[(int)Math.BigMul(Philox.Bits(seed, (ulong)draw, (ulong)resample), (ulong)times.Length, out _)]++;
    }

    private static double At(double[] sorted, double part)
    {
        double place = part * (sorted.Length - 1);
        int below = (int)place;
        return sorted[below] + ((place - below) * (sorted[Math.Min(below + 1, sorted.Length - 1)] - sorted[below]));
    }

    private delegate double Statistic(ReadOnlySpan<double> one, ReadOnlySpan<double> other);
}
