namespace Percheron.Evaluation.Metrics;

/// <summary>Word or character error rate of a corpus: substitutions, deletions and insertions of the alignment with the fewest of them, for each unit of the references, in percent. It may exceed 100.</summary>
public sealed class ErrorRate : ICorpusMetric
{
    private readonly Func<string, string[]> _units;

    private ErrorRate(string name, Func<string, string[]> units) => (Name, _units) = (name, units);

    /// <summary>Of words separated by white space, after lower-casing and without punctuation at their ends.</summary>
    public static ErrorRate Words { get; } = new("WER", WordsOf);

    /// <summary>Of characters of those words, a single space between two words counting as one.</summary>
    public static ErrorRate Characters { get; } = new("CER", text => [.. string.Join(' ', WordsOf(text)).EnumerateRunes().Select(r => r.ToString())]);

    /// <inheritdoc/>
    public string Name { get; }

    // Substitutions, deletions, insertions, units of the reference.
    /// <inheritdoc/>
    public int Size => 4;

    /// <inheritdoc/>
    public bool HigherIsBetter => false;

    /// <summary>Counts one output against its reference.</summary>
    /// <param name="output">What was heard.</param>
    /// <param name="reference">What was said.</param>
    /// <param name="sums">[Size], added to.</param>
    public void Count(string output, string reference, Span<double> sums)
    {
        string[] expected = _units(reference);
        EditCounts edits = EditCounts.Align<string>(_units(output), expected);
        sums[0] += edits.Substitutions;
        sums[1] += edits.Deletions;
        sums[2] += edits.Insertions;
        sums[3] += expected.Length;
    }

    /// <inheritdoc/>
    public double Score(ReadOnlySpan<double> sums) => sums[3] == 0 ? double.NaN : 100 * (sums[0] + sums[1] + sums[2]) / sums[3];

    private static string[] WordsOf(string text) =>
        [.. text.ToLowerInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(w => w.Trim(Marks)).Where(w => w.Length > 0)];

    private static readonly char[] Marks = [.. ".,;:!?\"'()[]„“”‚‘’»«…–-"];
}
