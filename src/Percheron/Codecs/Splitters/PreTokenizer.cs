namespace Percheron.Codecs.Splitters;

/// <summary>Cuts text into the words inside which a tokenizer merges; never across them.</summary>
/// <remarks>Stateless: the next word depends on the text from here on only. Every piece a splitter returns is cut again by the next splitter as a text of its own.</remarks>
internal abstract class PreTokenizer
{
    /// <summary>UTF-16 length of the first word of a nonempty text, at least 1; negative where the piece is to be dropped instead of encoded.</summary>
    public abstract int Next(ReadOnlySpan<char> text);
}
