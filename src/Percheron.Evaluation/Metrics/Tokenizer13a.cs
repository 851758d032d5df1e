using System.Text.RegularExpressions;

namespace Percheron.Evaluation.Metrics;

/// <summary>
/// The words BLEU counts, as WMT's scorer cuts them: symbols stand alone, full stops and commas too unless digits are on both sides, a dash after a digit ends the number. Letters keep their case.
/// Source: NIST's mteval-v13a, by the name of <c>13a</c> in Post, "A Call for Clarity in Reporting BLEU Scores" (2018).
/// </summary>
public static partial class Tokenizer13a
{
    /// <summary>The words of a segment; none of an empty one.</summary>
    public static string[] Words(string segment)
    {
        // White space at the end goes before line ends mean anything, so that a final "-\n" keeps its dash.
        string line = segment.TrimEnd(Spaces).Replace("<skipped>", "", StringComparison.Ordinal).Replace("-\n", "", StringComparison.Ordinal).Replace('\n', ' ')
            .Replace("&quot;", "\"", StringComparison.Ordinal).Replace("&amp;", "&", StringComparison.Ordinal).Replace("&lt;", "<", StringComparison.Ordinal).Replace("&gt;", ">", StringComparison.Ordinal);
        // The rules look at both neighbours, so that a sign at either end needs one.
        line = Symbol().Replace($" {line} ", " $0 ");
        line = StopBehindOther().Replace(line, "$1 $2 ");
        line = StopBeforeOther().Replace(line, " $1 $2");
        line = DashBehindDigit().Replace(line, "$1 - ");
        return line.Split(Spaces, StringSplitOptions.RemoveEmptyEntries);
    }

    // What the definition's language takes as white space: all of Unicode's, and four control characters.
    private static readonly char[] Spaces = [.. Enumerable.Range(0, 0x10000).Select(c => (char)c).Where(c => char.IsWhiteSpace(c) || c is >= '\x1c' and <= '\x1f')];

    // Of ASCII all but letters, digits, control characters, the apostrophe, comma, dash and full stop.
    [GeneratedRegex(@"[ -&(-+/:-@\[-`{-~]", RegexOptions.CultureInvariant)]
    private static partial Regex Symbol();

    [GeneratedRegex(@"([^0-9])([.,])", RegexOptions.CultureInvariant)]
    private static partial Regex StopBehindOther();

    [GeneratedRegex(@"([.,])([^0-9])", RegexOptions.CultureInvariant)]
    private static partial Regex StopBeforeOther();

    [GeneratedRegex(@"([0-9])-", RegexOptions.CultureInvariant)]
    private static partial Regex DashBehindDigit();
}
