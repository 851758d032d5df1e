using System.Text;

namespace Percheron.Codecs;

/// <summary>Byte-pair encoding over bytes: text is cut into words, and in each word pairs merge in the order in which training found them.</summary>
/// <remarks>Source: Sennrich, Haddow, Birch 2016 (BPE); Radford et al. 2019, section 2.2 (bytes).</remarks>
internal sealed class ByteLevelBpe : WordTokenizer
{
    private readonly MergeTable _merges;
    private readonly int[] _byteSymbols = new int[256];
    private readonly int _vocabulary;

    // Texts of the symbols that merges make but that are no tokens, numbered on from the vocabulary.
    private readonly List<string> _unlisted = [];
    private readonly TextTrie? _wholeWords;

    public ByteLevelBpe(TokenizerModel model)
        : base(model)
    {
        _vocabulary = model.Tokens.Length;
        Dictionary<string, int> unlisted = [];
        for (int value = 0; value < 256; value++) _byteSymbols[value] = Symbol(ByteAlphabet.Letter((byte)value).ToString(), model.Ids, unlisted);
        _merges = new MergeTable(model.Merges.Length);
        for (int rank = 0; rank < model.Merges.Length; rank++)
        {
            (string left, string right) = model.Merges[rank];
            _merges.TryAdd(Symbol(left, model.Ids, unlisted), Symbol(right, model.Ids, unlisted), rank, Symbol(left + right, model.Ids, unlisted));
        }
        if (!model.IgnoreMerges) return;
        _wholeWords = new TextTrie();
        foreach ((string token, int id) in model.Ids)
            if (model.IsWritable(id)) _wholeWords.TryAdd(token, id);
    }

    private protected override Scratch NewScratch() => new(new Merger(_merges));

    private protected override void EncodeWord(ReadOnlySpan<char> word, Scratch scratch, List<int> ids)
    {
        int room = word.Length <= WordCache.LongestWord ? Encoding.UTF8.GetMaxByteCount(word.Length) : Encoding.UTF8.GetByteCount(word);
        Span<int> symbols = scratch.Symbols(room, out Span<byte> bytes);
        int count = Encoding.UTF8.GetBytes(word, bytes);
        int whole = _wholeWords is null ? -1 : WholeWord(bytes[..count]);
        if (whole >= 0)
        {
            ids.Add(whole);
            return;
        }
        for (int i = 0; i < count; i++) symbols[i] = _byteSymbols[bytes[i]];
        count = scratch.Merger!.Merge(symbols[..count]);
        foreach (int symbol in symbols[..count]) Emit(symbol, ids);
    }

    private int WholeWord(ReadOnlySpan<byte> bytes)
    {
        int node = TextTrie.Root;
        foreach (byte value in bytes)
        {
            node = _wholeWords!.Step(node, ByteAlphabet.Letter(value));
            if (node < 0) return -1;
        }
        return _wholeWords!.Value(node);
    }

    private void Emit(int symbol, List<int> ids)
    {
        if (symbol < _vocabulary)
        {
            ids.Add(symbol);
            return;
        }
        string text = _unlisted[symbol - _vocabulary];
        foreach (char letter in text)
        {
            // What the vocabulary cannot write even byte by byte is left out, as llama.cpp does.
            int value = ByteAlphabet.Value(letter);
            int single = value < 0 ? _vocabulary : _byteSymbols[value];
            if (single < _vocabulary) ids.Add(single);
            else if (Unknown is { } unknown) ids.Add(unknown);
        }
    }

    private int Symbol(string text, Dictionary<string, int> listed, Dictionary<string, int> unlisted)
    {
        if (listed.TryGetValue(text, out int id) || unlisted.TryGetValue(text, out id)) return id;
        id = _vocabulary + _unlisted.Count;
        _unlisted.Add(text);
        unlisted.Add(text, id);
        return id;
    }
}
