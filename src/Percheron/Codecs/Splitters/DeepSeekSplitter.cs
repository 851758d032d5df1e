using static Percheron.Codecs.CharacterClasses;

namespace Percheron.Codecs.Splitters;

/// <summary>
/// <c>[!"#$%&amp;'()*+,\-./:;&lt;=&gt;?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+</c>:
/// the last stage of deepseek-v3, after digits and East Asian text have been isolated.
/// </summary>
internal sealed class DeepSeekSplitter : PatternSplitter
{
    protected override int Match(ReadOnlySpan<char> text, int start)
    {
        char c = text[start];
        if (char.IsAscii(c) && (char.IsPunctuation(c) || char.IsSymbol(c)) && start + 1 < text.Length && char.IsAsciiLetter(text[start + 1]))
        {
            int letters = start + 2;
            while (letters < text.Length && char.IsAsciiLetter(text[letters])) letters++;
            return letters;
        }
        uint classes = At(text, start, out int width);
        if ((classes & (LineBreak | Letter | Punctuation | Symbol)) == 0 && (At(text, start + width) & (Letter | Mark)) != 0)
            return Run(text, start + width, Letter | Mark);
        if ((classes & (Letter | Mark)) != 0) return Run(text, start, Letter | Mark);
        int body = c == ' ' ? start + 1 : start;
        int end = Run(text, body, Punctuation | Symbol);
        if (end > body) return Run(text, end, LineBreak);
        return (classes & WhiteSpace) != 0 ? SpacesByLine(text, start) : start;
    }
}
