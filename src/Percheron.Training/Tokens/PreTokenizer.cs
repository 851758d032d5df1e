using System.Text.RegularExpressions;

namespace Percheron.Training.Tokens;

/// <summary>Cuts text into the words that merges stay within: the pattern of GPT-2.</summary>
public static partial class PreTokenizer
{
    /// <summary>The words, as ranges of <paramref name="text"/>, in order; together they are the whole text.</summary>
    public static Regex.ValueMatchEnumerator Words(ReadOnlySpan<char> text) => Pattern().EnumerateMatches(text);

    [GeneratedRegex(@"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
