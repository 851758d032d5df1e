namespace Percheron.Codecs.Splitters;

/// <summary><c>\s+$</c>: white space at the end of a piece is a word of its own.</summary>
internal sealed class TrailingSpaceSplitter : PreTokenizer
{
    public override int Next(ReadOnlySpan<char> text)
    {
        int end = text.Length;
        while (end > 0 && char.IsWhiteSpace(text[end - 1])) end--;
        return end == 0 ? text.Length : end;
    }
}
