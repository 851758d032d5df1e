using System.Runtime.InteropServices;

namespace Percheron.Evaluation.Metrics;

/// <summary>
/// chrF of a corpus, from 0 to 100: F-score of character n-grams up to 6 without white space, recall weighing <paramref name="beta"/> times as much as precision; of several references the best one counts.
/// Source: Popović, "chrF: character n-gram F-score for automatic MT evaluation" (2015).
/// </summary>
public sealed class Chrf(double beta = 2) : ICorpusMetric
{
    private const int Orders = 6;

    /// <inheritdoc/>
    public string Name => "chrF";

    // For each order: n-grams of the output, of the reference, and common ones.
    /// <inheritdoc/>
    public int Size => 3 * Orders;

    /// <inheritdoc/>
    public bool HigherIsBetter => true;

    /// <summary>Counts one output against the reference it fits best.</summary>
    /// <param name="output">As it was written.</param>
    /// <param name="references">At least one.</param>
    /// <param name="sums">[Size], added to.</param>
    public void Count(string output, IReadOnlyList<string> references, Span<double> sums)
    {
        if (references.Count == 0) throw new ArgumentException("chrF needs a reference for every output", nameof(references));
        double[] best = references.Select(r => Counts(Dense(output), Dense(r))).MaxBy(c => Score(c))!;
        for (int i = 0; i < best.Length; i++) sums[i] += best[i];
    }

    /// <inheritdoc/>
    public double Score(ReadOnlySpan<double> sums)
    {
        double precision = 0, recall = 0;
        int orders = 0;
        for (int order = 0; order < Orders; order++)
        {
            double written = sums[3 * order], expected = sums[(3 * order) + 1], common = sums[(3 * order) + 2];
            if (written == 0 || expected == 0) continue;
            precision += common / written;
            recall += common / expected;
            orders++;
        }
        if (precision + recall == 0) return 0;
        (precision, recall) = (precision / orders, recall / orders);
        return 100 * (1 + (beta * beta)) * precision * recall / ((beta * beta * precision) + recall);
    }

    private static double[] Counts(string output, string reference)
    {
        var counts = new double[3 * Orders];
        for (int order = 1; order <= Orders; order++)
        {
            Dictionary<string, int> written = Grams(output, order), expected = Grams(reference, order);
            int at = 3 * (order - 1);
            counts[at] = Math.Max(0, output.Length - order + 1);
            counts[at + 1] = Math.Max(0, reference.Length - order + 1);
            foreach ((string gram, int count) in written) counts[at + 2] += Math.Min(count, expected.GetValueOrDefault(gram));
        }
        return counts;
    }

    private static Dictionary<string, int> Grams(string text, int order)
    {
        Dictionary<string, int> counts = new(StringComparer.Ordinal);
        for (int i = 0; i + order <= text.Length; i++) CollectionsMarshal.GetValueRefOrAddDefault(counts, text.Substring(i, order), out _)++;
        return counts;
    }

    private static string Dense(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c)));
}
