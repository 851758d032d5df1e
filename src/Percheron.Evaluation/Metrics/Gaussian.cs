namespace Percheron.Evaluation.Metrics;

/// <summary>A normal law of several dimensions.</summary>
/// <param name="mean">[d].</param>
/// <param name="covariance">[d, d], symmetric.</param>
public sealed class Gaussian(double[] mean, double[] covariance)
{
    private double[]? _root;

    /// <summary>[d].</summary>
    public double[] Mean { get; } = mean;

    /// <summary>[d, d].</summary>
    public double[] Covariance { get; } = covariance.Length == mean.Length * mean.Length ? covariance : throw new ArgumentException($"{covariance.Length} covariances do not go with {mean.Length} means", nameof(covariance));

    /// <summary>The symmetric matrix whose square is the covariance [d, d]; computed once.</summary>
    public double[] Root => _root ??= new SymmetricEigen(Covariance, Mean.Length).Map(v => Math.Sqrt(Math.Max(v, 0)));

    /// <summary>
    /// The squared Fréchet (2-Wasserstein) distance: |m₁ − m₂|² + tr(C₁ + C₂ − 2 (C₁^½ C₂ C₁^½)^½).
    /// Source: Dowson and Landau, "The Fréchet distance between multivariate normal distributions" (1982).
    /// </summary>
    public double Distance(Gaussian other)
    {
        int d = Mean.Length;
        if (other.Mean.Length != d) throw new ArgumentException($"{other.Mean.Length} dimensions beside {d}", nameof(other));
        double distance = 0;
        for (int i = 0; i < d; i++)
        {
            double apart = Mean[i] - other.Mean[i];
            distance += (apart * apart) + Covariance[(i * d) + i] + other.Covariance[(i * d) + i];
        }
        // Rounding makes eigenvalues of a matrix of less than full rank negative by next to nothing.
        foreach (double value in new SymmetricEigen(Times(Root, Times(other.Covariance, Root, d), d), d, vectors: false).Values) distance -= 2 * Math.Sqrt(Math.Max(value, 0));
        return Math.Max(distance, 0);
    }

    private static double[] Times(double[] a, double[] b, int d)
    {
        var product = new double[d * d];
        for (int i = 0; i < d; i++)
        {
            Span<double> row = product.AsSpan(i * d, d);
            for (int k = 0; k < d; k++)
            {
                double factor = a[(i * d) + k];
                ReadOnlySpan<double> other = b.AsSpan(k * d, d);
                for (int j = 0; j < row.Length; j++) row[j] += factor * other[j];
            }
        }
        return product;
    }
}
