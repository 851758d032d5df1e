using System.Text;

namespace Percheron.Codecs;

/// <summary>Byte-pair encoding over characters, with spaces written as U+2581 and bytes for what the vocabulary lacks, as SentencePiece does it.</summary>
/// <remarks>
/// Two symbols merge where their joint text is a token; the token of highest score first (or, where the model lists merges, the first listed), leftmost first.
/// Source: Kudo, Richardson 2018 (SentencePiece).
/// </remarks>
internal sealed class PieceBpe : WordTokenizer
{
    // A character that is no token is a symbol too: its code point with this bit.
    private const int Unlisted = 1 << 30;

    private readonly TokenizerModel _model;
    private readonly MergeTable _merges;
    private readonly Dictionary<int, int> _characters = [];
    private readonly int[] _bytes;

    public PieceBpe(TokenizerModel model)
        : base(model)
    {
        _model = model;
        string[] tokens = model.Tokens;
        for (int id = 0; id < tokens.Length; id++)
            if (model.IsWritable(id) && Rune.DecodeFromUtf16(tokens[id], out Rune rune, out int width) == System.Buffers.OperationStatus.Done && width == tokens[id].Length)
                _characters.TryAdd(rune.Value, id);
        _bytes = model.HasByteFallback ? Pieces.ByteTokens(model.Tokens) : Pieces.NoByteTokens;
        _merges = model.Merges.Length > 0 ? ListedMerges() : ScoredMerges();
    }

    /// <summary>A run of characters without a token is one unknown token instead of one each.</summary>
    public bool FusesUnknown { get; init; }

    private protected override Scratch NewScratch() => new(new Merger(_merges));

    private protected override void EncodeWord(ReadOnlySpan<char> word, Scratch scratch, List<int> ids)
    {
        Span<int> symbols = scratch.Symbols(word.Length, out _);
        int count = 0;
        for (int at = 0; at < word.Length;)
        {
            int codePoint = CharacterClasses.CodePoint(word, at, out int width);
            symbols[count++] = Character(codePoint);
            at += width;
        }
        count = scratch.Merger!.Merge(symbols[..count]);
        bool wasUnknown = false;
        foreach (int symbol in symbols[..count])
        {
            if (symbol < Unlisted) ids.Add(symbol);
            wasUnknown = symbol >= Unlisted && !Spell(symbol - Unlisted, ids, wasUnknown && FusesUnknown);
        }
    }

    /// <summary>Writes a character byte by byte; where a byte has no token, as one unknown token unless <paramref name="fuse"/>.</summary>
    private bool Spell(int codePoint, List<int> ids, bool fuse)
    {
        Span<byte> utf8 = stackalloc byte[4];
        int length = new Rune(codePoint).EncodeToUtf8(utf8);
        foreach (byte value in utf8[..length])
        {
            if (_bytes[value] >= 0) continue;
            if (Unknown is { } unknown && !fuse) ids.Add(unknown);
            return false;
        }
        foreach (byte value in utf8[..length]) ids.Add(_bytes[value]);
        return true;
    }

    private int Character(int codePoint) => _characters.TryGetValue(codePoint, out int id) ? id : Unlisted | codePoint;

    /// <summary>The symbol a text can have become, or −1.</summary>
    private int Symbol(ReadOnlySpan<char> text, Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> ids)
    {
        int codePoint = CharacterClasses.CodePoint(text, 0, out int width);
        if (width == text.Length) return Character(codePoint);
        return ids.TryGetValue(text, out int id) && _model.IsWritable(id) ? id : -1;
    }

    private MergeTable ScoredMerges()
    {
        int[] ranks = Ranks(_model.Scores);
        MergeTable merges = new(_model.Tokens.Length * 4);
        Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> ids = _model.Ids.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach ((string token, int id) in _model.Ids)
        {
            if (!_model.IsWritable(id)) continue;
            for (int at = 1; at < token.Length; at++)
            {
                if (char.IsLowSurrogate(token[at])) continue;
                int left = Symbol(token.AsSpan(0, at), ids);
                int right = left < 0 ? -1 : Symbol(token.AsSpan(at), ids);
                if (right >= 0) merges.TryAdd(left, right, ranks.Length == 0 ? 0 : ranks[id], id);
            }
        }
        return merges;
    }

    private MergeTable ListedMerges()
    {
        MergeTable merges = new(_model.Merges.Length);
        Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> ids = _model.Ids.GetAlternateLookup<ReadOnlySpan<char>>();
        for (int rank = 0; rank < _model.Merges.Length; rank++)
        {
            (string left, string right) = _model.Merges[rank];
            if (!_model.Ids.TryGetValue(left + right, out int id)) throw _model.Fault($"merge {rank}, '{left}' with '{right}', makes a text that is no token");
            (int a, int b) = (Symbol(left, ids), Symbol(right, ids));
            if (a < 0 || b < 0) throw _model.Fault($"merge {rank}, '{left}' with '{right}', names a text that is no token");
            merges.TryAdd(a, b, rank, id);
        }
        return merges;
    }

    /// <summary>Place of each score among the distinct scores, the highest first.</summary>
    private static int[] Ranks(float[] scores)
    {
        float[] distinct = [.. scores.Distinct().OrderDescending()];
        Dictionary<float, int> place = new(distinct.Length);
        for (int i = 0; i < distinct.Length; i++) place[distinct[i]] = i;
        return Array.ConvertAll(scores, score => place[score]);
    }
}
