using static Percheron.Codecs.CharacterClasses;

namespace Percheron.Codecs.Splitters;

/// <summary>
/// <c>(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+</c>: the words of
/// llama-3 and, with other numbers of digits, of qwen2 and their many descendants.
/// </summary>
internal sealed class Llama3Splitter : PatternSplitter
{
    /// <summary>Longest run of digits that is one word.</summary>
    public int Digits { get; init; } = 3;

    /// <summary>Whether <c>'s</c> and its like are words.</summary>
    public bool Contractions { get; init; } = true;

    /// <summary>What counts as a letter: marks too, in later patterns.</summary>
    public uint Letters { get; init; } = Letter;

    /// <summary>Whether line breaks belong to the punctuation before them.</summary>
    public bool PunctuationTakesBreaks { get; init; } = true;

    protected override int Match(ReadOnlySpan<char> text, int start)
    {
        if (Contractions)
        {
            int contraction = Contraction(text, start, anyCase: true);
            if (contraction > start) return contraction;
        }
        uint classes = At(text, start, out int width);
        if ((classes & (LineBreak | Letter | Number)) == 0 && (At(text, start + width) & Letters) != 0) return Run(text, start + width, Letters);
        if ((classes & Letters) != 0) return Run(text, start, Letters);
        if ((classes & Number) != 0) return Run(text, start, Number, Digits);

        int body = text[start] == ' ' ? start + 1 : start;
        // A line break is white space already, so the pattern that names it besides excludes the same set.
        int end = RunExcept(text, body, WhiteSpace | Letters | Number);
        if (end > body) return PunctuationTakesBreaks ? Run(text, end, LineBreak) : end;
        return SpacesByLine(text, start);
    }
}
