using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Percheron.Formats;

namespace Percheron.Codecs.Splitters;

/// <summary>A pattern that is not among the known ones, run by the .NET regular expression engine.</summary>
/// <remarks>
/// The engine sees UTF-16 units, the patterns mean code points: a code point beyond the basic plane is shown to it as one of the same category within the plane.
/// Slower than a splitter written by hand; whole texts are cut at once, since a match needs all that follows.
/// </remarks>
internal sealed class RegexSplitter : PreTokenizer
{
    private readonly Lazy<Regex> _pattern;
    private readonly SplitBehavior _behavior;
    private readonly bool _invert;

    /// <param name="pattern">The pattern.</param>
    /// <param name="behavior">What becomes of its matches.</param>
    /// <param name="invert">Words are what matches, and the gaps separate them.</param>
    public RegexSplitter(string pattern, SplitBehavior behavior = SplitBehavior.Isolated, bool invert = false)
    {
        (_behavior, _invert) = (behavior, invert);
        _pattern = new Lazy<Regex>(() => Compile(pattern));
    }

    /// <summary>How long one match may take where the pattern looks around; others are linear in the text.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The file the pattern is from, for messages.</summary>
    public string Source { get; init; } = "";

    /// <summary>Compiles the pattern now rather than at the first text.</summary>
    /// <exception cref="ArgumentException">The engine does not understand the pattern.</exception>
    public RegexSplitter Checked()
    {
        _ = _pattern.Value;
        return this;
    }

    public override int Next(ReadOnlySpan<char> text) => Cut(text)[0];

    /// <summary>Lengths of all words of a text, negative where a piece is to be dropped.</summary>
    /// <exception cref="ModelFormatException">The pattern looks around and repeats so much that it does not come to an end.</exception>
    public List<int> Cut(ReadOnlySpan<char> text)
    {
        try
        {
            return Matches(text);
        }
        catch (RegexMatchTimeoutException e)
        {
            throw new ModelFormatException(Source, 0, $"the pattern '{e.Pattern}' takes too long on a text", e);
        }
    }

    private List<int> Matches(ReadOnlySpan<char> text)
    {
        string folded = Fold(text, out int[]? starts);
        List<int> lengths = [];
        int at = 0;
        bool wasMatch = false;
        foreach (ValueMatch match in _pattern.Value.EnumerateMatches(folded))
        {
            if (match.Length == 0) continue;
            if (match.Index > at) Add(at, match.Index, _invert);
            at = match.Index + match.Length;
            Add(match.Index, at, !_invert);
        }
        if (at < folded.Length) Add(at, folded.Length, _invert);
        return lengths;

        void Add(int from, int to, bool isMatch)
        {
            int length = starts is null ? to - from : starts[to] - starts[from];
            bool joins = lengths.Count > 0 && _behavior switch
            {
                SplitBehavior.MergedWithPrevious => isMatch && !wasMatch,
                SplitBehavior.MergedWithNext => !isMatch && wasMatch,
                SplitBehavior.Contiguous => isMatch == wasMatch,
                _ => false,
            };
            if (joins) lengths[^1] += length;
            else lengths.Add(isMatch && _behavior == SplitBehavior.Removed ? -length : length);
            wasMatch = isMatch;
        }
    }

    private Regex Compile(string pattern)
    {
        // Possessive repeats are not known to the engine; for cutting words the greedy ones match the same.
        string greedy = pattern.Replace("?+", "?", StringComparison.Ordinal).Replace("++", "+", StringComparison.Ordinal).Replace("*+", "*", StringComparison.Ordinal);
        try
        {
            // Linear in the text whatever the pattern, but without look-around.
            return new Regex(greedy, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
        }
        catch (NotSupportedException)
        {
            return new Regex(greedy, RegexOptions.CultureInvariant, Patience);
        }
    }

    private static string Fold(ReadOnlySpan<char> text, out int[]? starts)
    {
        starts = null;
        if (text.IndexOfAnyInRange('\uD800', '\uDFFF') < 0) return text.ToString();
        StringBuilder folded = new(text.Length);
        List<int> at = [];
        for (int i = 0; i < text.Length;)
        {
            at.Add(i);
            int codePoint = CharacterClasses.CodePoint(text, i, out int width);
            folded.Append(codePoint > 0xFFFF ? StandIn(codePoint) : (char)codePoint);
            i += width;
        }
        at.Add(text.Length);
        starts = [.. at];
        return folded.ToString();
    }

    /// <summary>A character of the basic plane with the category of one beyond it.</summary>
    private static char StandIn(int codePoint) => CharUnicodeInfo.GetUnicodeCategory(codePoint) switch
    {
        UnicodeCategory.UppercaseLetter => '\uA790',
        UnicodeCategory.LowercaseLetter => '\uA791',
        UnicodeCategory.ModifierLetter => '\uA4F8',
        UnicodeCategory.OtherLetter => '\uA4D0',
        UnicodeCategory.NonSpacingMark => '\uA8E0',
        UnicodeCategory.SpacingCombiningMark => '\uA823',
        UnicodeCategory.DecimalDigitNumber => '\uA8D0',
        UnicodeCategory.LetterNumber => '\uA6E6',
        UnicodeCategory.OtherNumber => '\uA830',
        UnicodeCategory.DashPunctuation => '\u2E17',
        UnicodeCategory.OtherPunctuation => '\uA874',
        UnicodeCategory.MathSymbol => '\uFB29',
        UnicodeCategory.CurrencySymbol => '\uA838',
        UnicodeCategory.ModifierSymbol => '\uA700',
        UnicodeCategory.OtherSymbol => '\uA828',
        UnicodeCategory.Format => '\u206A',
        UnicodeCategory.PrivateUse => '\uE000',
        _ => '\uFDD0',
    };
}
