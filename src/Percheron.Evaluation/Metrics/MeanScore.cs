namespace Percheron.Evaluation.Metrics;

/// <summary>The mean of one number of each sample, times <paramref name="scale"/>: accuracies in percent, exact match, CLIP score, distortions.</summary>
/// <param name="name">As reports spell it.</param>
/// <param name="higherIsBetter">Whether a larger mean is the better one.</param>
/// <param name="scale">100 makes shares percentages.</param>
public sealed class MeanScore(string name, bool higherIsBetter, double scale = 1) : ICorpusMetric
{
    /// <inheritdoc/>
    public string Name { get; } = name;

    /// <inheritdoc/>
    public int Size => 2;

    /// <inheritdoc/>
    public bool HigherIsBetter { get; } = higherIsBetter;

    /// <summary>Counts a sample.</summary>
    /// <param name="value">Its number; what is not a number counts for nothing.</param>
    /// <param name="sums">[Size], added to.</param>
    /// <param name="weight">How much it weighs, such as the frames it is the mean of.</param>
    public static void Count(double value, Span<double> sums, double weight = 1)
    {
        if (double.IsNaN(value)) return;
        sums[0] += weight * value;
        sums[1] += weight;
    }

    /// <inheritdoc/>
    public double Score(ReadOnlySpan<double> sums) => sums[1] == 0 ? double.NaN : scale * sums[0] / sums[1];
}
