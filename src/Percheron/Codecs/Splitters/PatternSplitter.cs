namespace Percheron.Codecs.Splitters;

/// <summary>A pattern whose matches are words, and whose gaps between matches are words too.</summary>
internal abstract class PatternSplitter : PreTokenizer
{
    public sealed override int Next(ReadOnlySpan<char> text)
    {
        int end = Match(text, 0);
        if (end > 0) return end;
        int at = 0;
        do
        {
            _ = CharacterClasses.At(text, at, out int width);
            at += width;
        }
        while (at < text.Length && Match(text, at) == at);
        return at;
    }

    /// <summary>End of the match that begins at <paramref name="start"/>; <paramref name="start"/> itself where there is none.</summary>
    protected abstract int Match(ReadOnlySpan<char> text, int start);

    /// <summary><c>\s+(?!\S)|\s+</c>: a run of white space, without its last character where a word follows it.</summary>
    protected static int Spaces(ReadOnlySpan<char> text, int start)
    {
        int end = CharacterClasses.Run(text, start, CharacterClasses.WhiteSpace);
        return end < text.Length && end > start + 1 ? end - 1 : end;
    }

    /// <summary><c>\s*[\r\n]+|\s+(?!\S)|\s+</c>: as <see cref="Spaces"/>, but a run that holds a line break ends with its last one.</summary>
    protected static int SpacesByLine(ReadOnlySpan<char> text, int start)
    {
        int end = CharacterClasses.Run(text, start, CharacterClasses.WhiteSpace);
        int lastBreak = text[start..end].LastIndexOfAny('\r', '\n');
        if (lastBreak >= 0) return start + lastBreak + 1;
        return end < text.Length && end > start + 1 ? end - 1 : end;
    }

    /// <summary><c>'s|'t|'re|'ve|'m|'ll|'d</c>, in any letter case where <paramref name="anyCase"/> holds; <paramref name="start"/> where there is none.</summary>
    protected static int Contraction(ReadOnlySpan<char> text, int start, bool anyCase)
    {
        if (start + 1 >= text.Length || text[start] != '\'') return start;
        char first = anyCase ? char.ToLowerInvariant(text[start + 1]) : text[start + 1];
        if (!char.IsAscii(text[start + 1])) return start;
        if (first is 's' or 't' or 'm' or 'd') return start + 2;
        if (start + 2 >= text.Length || !char.IsAscii(text[start + 2])) return start;
        char second = anyCase ? char.ToLowerInvariant(text[start + 2]) : text[start + 2];
        return (first, second) is ('r', 'e') or ('v', 'e') or ('l', 'l') ? start + 3 : start;
    }
}
