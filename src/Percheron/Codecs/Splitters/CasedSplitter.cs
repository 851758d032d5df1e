using static Percheron.Codecs.CharacterClasses;

namespace Percheron.Codecs.Splitters;

/// <summary>
/// <c>P?U*W+S?|P?U+W*S?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+</c> where P is <c>[^\r\n\p{L}\p{N}]</c>, U is
/// <c>[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]</c>, W is <c>[\p{Ll}\p{Lm}\p{Lo}\p{M}]</c> and S a contraction in any case: the words of gpt-4o, which begin anew at a capital.
/// </summary>
internal sealed class CasedSplitter : PatternSplitter
{
    private const uint Upper = (Letter & ~Lowercase) | Mark;
    private const uint Lower = (Letter & ~Uppercase) | Mark;

    public int Digits { get; init; } = 3;

    /// <summary>Whether a contraction belongs to the word before it.</summary>
    public bool Contractions { get; init; } = true;

    protected override int Match(ReadOnlySpan<char> text, int start)
    {
        int word = Word(text, start);
        if (word > start) return Contractions ? Contraction(text, word, anyCase: true) : word;
        if ((At(text, start) & Number) != 0) return Run(text, start, Number, Digits);
        int body = text[start] == ' ' ? start + 1 : start;
        int end = RunExcept(text, body, WhiteSpace | Letter | Number);
        if (end == body) return SpacesByLine(text, start);
        while (end < text.Length && (text[end] is '\r' or '\n' or '/')) end++;
        return end;
    }

    /// <summary>The first alternative that matches, each tried with the character before the word and then without, as a backtracking matcher does.</summary>
    private static int Word(ReadOnlySpan<char> text, int start)
    {
        uint first = At(text, start, out int width);
        bool prefix = (first & (LineBreak | Letter | Number)) == 0;
        int end = prefix ? UpperThenLower(text, start + width) : -1;
        if (end < 0) end = UpperThenLower(text, start);
        if (end >= 0) return end;
        int body = prefix ? start + width : start;
        int upper = Run(text, body, Upper);
        if (upper == body && prefix) upper = Run(text, body = start, Upper);
        return upper > body ? Run(text, upper, Lower) : start;
    }

    /// <summary>End of <c>U*W+</c> at <paramref name="start"/>, or −1.</summary>
    private static int UpperThenLower(ReadOnlySpan<char> text, int start)
    {
        int both = -1;
        int at = start;
        while (at < text.Length)
        {
            uint classes = At(text, at, out int width);
            if ((classes & Upper) == 0) break;
            at += width;
            if ((classes & Lower) != 0) both = at;
        }
        int end = Run(text, at, Lower);
        // Where no lower-case letter follows, U* gives back down to its last character that is of both kinds: W+ is that one character.
        return end > at ? end : both;
    }
}
