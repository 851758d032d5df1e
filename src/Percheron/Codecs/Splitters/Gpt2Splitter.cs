using static Percheron.Codecs.CharacterClasses;

namespace Percheron.Codecs.Splitters;

/// <summary><c>'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+</c>: the words of GPT-2.</summary>
internal sealed class Gpt2Splitter : PatternSplitter
{
    protected override int Match(ReadOnlySpan<char> text, int start)
    {
        int contraction = Contraction(text, start, anyCase: false);
        if (contraction > start) return contraction;
        int body = text[start] == ' ' ? start + 1 : start;
        if (body < text.Length)
        {
            uint classes = At(text, body, out int width);
            if ((classes & Letter) != 0) return Run(text, body + width, Letter);
            if ((classes & Number) != 0) return Run(text, body + width, Number);
            if ((classes & WhiteSpace) == 0) return RunExcept(text, body + width, WhiteSpace | Letter | Number);
        }
        return Spaces(text, start);
    }
}
