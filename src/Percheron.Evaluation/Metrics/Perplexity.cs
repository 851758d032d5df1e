namespace Percheron.Evaluation.Metrics;

/// <summary>Perplexity: the exponential of the mean negative natural log-probability of all tokens of a corpus.</summary>
public sealed class Perplexity : ICorpusMetric
{
    /// <inheritdoc/>
    public string Name => "perplexity";

    // Log-probabilities and tokens.
    /// <inheritdoc/>
    public int Size => 2;

    /// <inheritdoc/>
    public bool HigherIsBetter => false;

    /// <summary>Counts the tokens of one text.</summary>
    /// <param name="logs">Natural logarithms of their probabilities.</param>
    /// <param name="sums">[Size], added to.</param>
    public static void Count(ReadOnlySpan<double> logs, Span<double> sums)
    {
        foreach (double log in logs) sums[0] += log;
        sums[1] += logs.Length;
    }

    /// <inheritdoc/>
    public double Score(ReadOnlySpan<double> sums) => sums[1] == 0 ? double.NaN : Math.Exp(-sums[0] / sums[1]);
}
