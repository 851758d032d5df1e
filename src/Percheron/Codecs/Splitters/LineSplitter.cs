namespace Percheron.Codecs.Splitters;

/// <summary><c>[^\n]+|[\n]+</c>: lines, and the breaks between them.</summary>
internal sealed class LineSplitter : PreTokenizer
{
    public override int Next(ReadOnlySpan<char> text)
    {
        int end = text[0] == '\n' ? text.IndexOfAnyExcept('\n') : text.IndexOf('\n');
        return end < 0 ? text.Length : end;
    }
}
