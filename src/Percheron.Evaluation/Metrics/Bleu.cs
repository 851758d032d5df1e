using System.Runtime.InteropServices;

namespace Percheron.Evaluation.Metrics;

/// <summary>
/// BLEU of a corpus, from 0 to 100: geometric mean of the clipped n-gram precisions up to 4, times the brevity penalty; 13a words, case kept, precisions of no match smoothed exponentially.
/// The signature of the field's tool for it: <c>case:mixed|eff:no|tok:13a|smooth:exp</c>.
/// Source: Papineni, Roukos, Ward and Zhu, "BLEU: a Method for Automatic Evaluation of Machine Translation" (2002); Post, "A Call for Clarity in Reporting BLEU Scores" (2018).
/// </summary>
public sealed class Bleu : ICorpusMetric
{
    private const int Orders = 4;

    // What the sums are: words of the output, words of its closest reference, then matches and n-grams of each order.
    private const int Length = 0, ReferenceLength = 1, Matches = 2, Total = Matches + Orders;

    /// <inheritdoc/>
    public string Name => "BLEU";

    /// <inheritdoc/>
    public int Size => Total + Orders;

    /// <inheritdoc/>
    public bool HigherIsBetter => true;

    /// <summary>Counts one output against its acceptable references.</summary>
    /// <param name="output">A sentence as it was written.</param>
    /// <param name="references">At least one; the closest in length counts for the brevity penalty, the shorter of two.</param>
    /// <param name="sums">[Size], added to.</param>
    public static void Count(string output, IReadOnlyList<string> references, Span<double> sums)
    {
        if (references.Count == 0) throw new ArgumentException("BLEU needs a reference for every output", nameof(references));
        string[] words = Tokenizer13a.Words(output);
        string[][] expected = [.. references.Select(Tokenizer13a.Words)];
        sums[Length] += words.Length;
        sums[ReferenceLength] += expected.Select(r => r.Length).OrderBy(l => Math.Abs(l - words.Length)).ThenBy(l => l).First();
        for (int order = 1; order <= Orders; order++)
        {
            Dictionary<string, int> allowed = [];
            foreach (string[] reference in expected)
                foreach ((string gram, int count) in Grams(reference, order)) allowed[gram] = Math.Max(allowed.GetValueOrDefault(gram), count);
            foreach ((string gram, int count) in Grams(words, order))
            {
                sums[Matches + order - 1] += Math.Min(count, allowed.GetValueOrDefault(gram));
                sums[Total + order - 1] += count;
            }
        }
    }

    /// <summary>The score of sentences, each with its references.</summary>
    public static double Score(IEnumerable<(string Output, IReadOnlyList<string> References)> corpus)
    {
        Bleu bleu = new();
        var sums = new double[bleu.Size];
        foreach ((string output, IReadOnlyList<string> references) in corpus) Count(output, references, sums);
        return bleu.Score(sums);
    }

    /// <inheritdoc/>
    public double Score(ReadOnlySpan<double> sums)
    {
        double logs = 0, halved = 1;
        bool any = false;
        for (int order = 0; order < Orders; order++)
        {
            double matches = sums[Matches + order], total = sums[Total + order];
            // No sentence is long enough for this order: the mean is undefined, which counts as nothing.
            if (total == 0) return 0;
            any |= matches > 0;
            if (matches == 0) halved *= 2;
            logs += Math.Log(matches > 0 ? matches / total : 1 / (halved * total));
        }
        double penalty = sums[Length] < sums[ReferenceLength] ? Math.Exp(1 - (sums[ReferenceLength] / sums[Length])) : 1;
        return any ? 100 * penalty * Math.Exp(logs / Orders) : 0;
    }

    // Words hold no white space: joined by one they cannot be mistaken.
    private static Dictionary<string, int> Grams(string[] words, int order)
    {
        Dictionary<string, int> counts = new(StringComparer.Ordinal);
        for (int i = 0; i + order <= words.Length; i++) CollectionsMarshal.GetValueRefOrAddDefault(counts, string.Join(' ', words, i, order), out _)++;
        return counts;
    }
}
