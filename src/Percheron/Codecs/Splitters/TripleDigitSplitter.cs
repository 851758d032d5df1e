namespace Percheron.Codecs.Splitters;

/// <summary><c>[0-9][0-9][0-9]</c>: three ASCII digits are a word.</summary>
internal sealed class TripleDigitSplitter : PatternSplitter
{
    protected override int Match(ReadOnlySpan<char> text, int start) =>
        start + 2 < text.Length && char.IsAsciiDigit(text[start]) && char.IsAsciiDigit(text[start + 1]) && char.IsAsciiDigit(text[start + 2]) ? start + 3 : start;
}
