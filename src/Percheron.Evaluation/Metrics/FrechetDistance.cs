namespace Percheron.Evaluation.Metrics;

/// <summary>
/// FID: the Fréchet distance between the normal laws that fit the features of generated pictures and those of real ones. Its name says which features, since distances of different ones cannot be
/// compared.
/// Source: Heusel, Ramsauer, Unterthiner, Nessler and Hochreiter, "GANs Trained by a Two Time-Scale Update Rule Converge to a Local Nash Equilibrium" (2017).
/// </summary>
/// <param name="features">Name of the feature net.</param>
/// <param name="real">What the real pictures' features fit.</param>
public sealed class FrechetDistance(string features, Gaussian real) : ICorpusMetric
{
    /// <inheritdoc/>
    public string Name { get; } = $"FID ({features})";

    // Samples, sums of features, and sums of the products of two: the lower triangle by rows.
    /// <inheritdoc/>
    public int Size { get; } = SizeOf(real.Mean.Length);

    /// <inheritdoc/>
    public bool HigherIsBetter => false;

    /// <summary>Sums for d features.</summary>
    public static int SizeOf(int dimensions) => 1 + dimensions + (dimensions * (dimensions + 1) / 2);

    /// <summary>Counts the features [d] of one picture.</summary>
    /// <param name="features">[d].</param>
    /// <param name="sums">[Size], added to.</param>
    public static void Count(ReadOnlySpan<double> features, Span<double> sums)
    {
        int at = 1 + features.Length;
        sums[0]++;
        for (int i = 0; i < features.Length; i++)
        {
            sums[1 + i] += features[i];
            for (int j = 0; j <= i; j++) sums[at++] += features[i] * features[j];
        }
    }

    /// <summary>What is observed of a picture is its features; their products are made here, for they are many.</summary>
    public void Add(ReadOnlySpan<double> observation, Span<double> sums) => Count(observation, sums);

    /// <summary>The normal law that fits what was counted: its mean and its covariance, the latter with n − 1.</summary>
    public static Gaussian Fit(ReadOnlySpan<double> sums, int dimensions)
    {
        double count = sums[0];
        if (count < 2) throw new ArgumentException("a covariance needs two pictures at least", nameof(sums));
        double[] mean = new double[dimensions], covariance = new double[dimensions * dimensions];
        for (int i = 0; i < dimensions; i++) mean[i] = sums[1 + i] / count;
        int at = 1 + dimensions;
        for (int i = 0; i < dimensions; i++)
            for (int j = 0; j <= i; j++)
                covariance[(i * dimensions) + j] = covariance[(j * dimensions) + i] = (sums[at++] - (count * mean[i] * mean[j])) / (count - 1);
        return new Gaussian(mean, covariance);
    }

    /// <inheritdoc/>
    public double Score(ReadOnlySpan<double> sums) => sums[0] < 2 ? double.NaN : real.Distance(Fit(sums, real.Mean.Length));
}
