using System.Buffers;

namespace Percheron.Codecs;

/// <summary>Finds added tokens in a text: the leftmost, and of those that begin there the longest.</summary>
internal sealed class AddedTokens
{
    private readonly AddedToken[] _tokens;
    private readonly Finder _all;
    private readonly Finder _ordinary;

    public AddedTokens(IReadOnlyList<AddedToken> tokens)
    {
        _tokens = [.. tokens];
        _all = new Finder(_tokens, special: true);
        _ordinary = new Finder(_tokens, special: false);
    }

    /// <summary>Finds the next added token at or after <paramref name="from"/>.</summary>
    /// <param name="text">The whole text.</param>
    /// <param name="from">Where to begin.</param>
    /// <param name="parseSpecial">Whether special tokens count.</param>
    /// <param name="token">The one that was found.</param>
    /// <returns>Where it begins; −1 where there is none.</returns>
    public int Find(ReadOnlySpan<char> text, int from, bool parseSpecial, out AddedToken token)
    {
        Finder finder = parseSpecial ? _all : _ordinary;
        token = default;
        if (finder.IsEmpty) return -1;
        for (int at = from; at < text.Length; at++)
        {
            int skip = text[at..].IndexOfAny(finder.First);
            if (skip < 0) return -1;
            at += skip;
            int found = finder.Trie.Longest(text[at..], out int length);
            if (found < 0) continue;
            token = _tokens[found];
            if (!token.WholeWord || (IsOutside(text, at - 1) && IsOutside(text, at + length))) return at;
        }
        return -1;
    }

    /// <summary>End of the text between <paramref name="from"/> and a token found at <paramref name="found"/> (−1: none).</summary>
    public static int EndBefore(ReadOnlySpan<char> text, int from, int found, AddedToken token)
    {
        int end = found < 0 ? text.Length : found;
        if (token.StripsLeft)
            while (end > from && char.IsWhiteSpace(text[end - 1])) end--;
        return end;
    }

    /// <summary>Where text goes on after a token found at <paramref name="found"/>.</summary>
    public static int StartAfter(ReadOnlySpan<char> text, int found, AddedToken token)
    {
        int at = found + token.Text.Length;
        if (token.StripsRight)
            while (at < text.Length && char.IsWhiteSpace(text[at])) at++;
        return at;
    }

    private static bool IsOutside(ReadOnlySpan<char> text, int at) =>
        at < 0 || at >= text.Length || (CharacterClasses.Of(text[at]) & (CharacterClasses.Letter | CharacterClasses.Mark | CharacterClasses.Number)) == 0 && text[at] != '_';

    private sealed class Finder
    {
        public Finder(AddedToken[] tokens, bool special)
        {
            HashSet<char> first = [];
            for (int i = 0; i < tokens.Length; i++)
            {
                if (tokens[i].Text.Length == 0 || (tokens[i].IsSpecial && !special)) continue;
                Trie.TryAdd(tokens[i].Text, i);
                first.Add(tokens[i].Text[0]);
            }
            First = SearchValues.Create([.. first]);
            IsEmpty = first.Count == 0;
        }

        public bool IsEmpty { get; }

        public TextTrie Trie { get; } = new();

        public SearchValues<char> First { get; }
    }
}
