namespace Percheron.Codecs.Splitters;

/// <summary>Cuts before a space mark that follows a character no token holds before one: no token could reach across, so the words can be encoded apart.</summary>
internal sealed class SpaceMarkSplitter : PreTokenizer
{
    private readonly bool[] _joins = new bool[0x10000];

    public SpaceMarkSplitter(TokenizerModel model)
    {
        _joins[Tokenizer.SpaceMark] = true;
        // Where the mark itself has no token, an unknown one may stand for it together with the characters before it.
        if (!model.Ids.TryGetValue(Tokenizer.SpaceMark.ToString(), out int mark) || !model.IsWritable(mark)) _joins.AsSpan().Fill(true);
        for (int id = 0; id < model.Tokens.Length; id++)
        {
            if (!model.IsWritable(id)) continue;
            string token = model.Tokens[id];
            for (int at = token.LastIndexOf(Tokenizer.SpaceMark); at > 0; at = token.LastIndexOf(Tokenizer.SpaceMark, at - 1))
                _joins[token[at - 1]] = true;
        }
    }

    /// <summary>Length up to the next mark that is not the first character.</summary>
    public static int NextMark(ReadOnlySpan<char> text)
    {
        int next = text[1..].IndexOf(Tokenizer.SpaceMark);
        return next < 0 ? text.Length : next + 1;
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
