namespace Percheron.Codecs.Splitters;

/// <summary>Cuts before a space mark that follows a character no token holds before one: nothing could merge across, so the words can be encoded apart.</summary>
internal sealed class SpaceMarkSplitter : PreTokenizer
{
    private readonly bool[] _joins = new bool[0x10000];

    /// <param name="tokens">Every text that symbols can become.</param>
    public SpaceMarkSplitter(IEnumerable<string> tokens)
    {
        _joins[Tokenizer.SpaceMark] = true;
        foreach (string token in tokens)
            for (int at = token.LastIndexOf(Tokenizer.SpaceMark); at > 0; at = token.LastIndexOf(Tokenizer.SpaceMark, at - 1))
                _joins[token[at - 1]] = true;
    }

    public override int Next(ReadOnlySpan<char> text)
    {
        for (int at = 1; at < text.Length; at++)
        {
            int skip = text[at..].IndexOf(Tokenizer.SpaceMark);
            if (skip < 0) break;
            at += skip;
            if (!_joins[text[at - 1]]) return at;
        }
        return text.Length;
    }
}
