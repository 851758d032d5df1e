using System.Buffers;
using System.Text;

namespace Percheron.Codecs;

/// <summary>The segmentation of a word into tokens whose probabilities have the greatest product.</summary>
/// <remarks>Source: Kudo 2018 (subword regularization), section 3.2; the search is Viterbi's.</remarks>
internal sealed class Unigram : WordTokenizer
{
    // How much less likely than the least likely token a character without one is; SentencePiece's number.
    private const double UnknownPenalty = 10;

    private readonly TextTrie _trie = new();
    private readonly double[] _scores;
    private readonly int[] _bytes;
    private readonly double _unknownScore;

    public Unigram(TokenizerModel model)
        : base(model)
    {
        _bytes = model.HasByteFallback ? Pieces.ByteTokens(model.Tokens) : Pieces.NoByteTokens;
        _scores = new double[model.Tokens.Length];
        double least = double.PositiveInfinity;
        for (int id = 0; id < _scores.Length; id++)
        {
            if (!model.IsWritable(id)) continue;
            // A token the user defined wins over any way to spell it.
            _scores[id] = model.Kinds[id] == TokenKind.UserDefined || model.Scores.Length == 0 ? 0 : model.Scores[id];
            if (model.Kinds[id] == TokenKind.Normal) least = Math.Min(least, _scores[id]);
            _trie.TryAdd(model.Tokens[id], id);
        }
        _unknownScore = (double.IsFinite(least) ? least : 0) - UnknownPenalty;
    }

    private protected override Scratch NewScratch() => new(merger: null);

    private protected override void EncodeWord(ReadOnlySpan<char> word, Scratch scratch, List<int> ids)
    {
        // By the place where a token ends: its id, where it begins; then the places on the best path, last first.
        int places = word.Length + 1;
        Span<int> token = scratch.Symbols(3 * places, out _);
        Span<int> start = token[places..];
        Span<int> path = token[(2 * places)..];
        double[] best = ArrayPool<double>.Shared.Rent(places);
        Search(word, best.AsSpan(0, places), token, start);
        ArrayPool<double>.Shared.Return(best);

        int count = 0;
        for (int end = word.Length; end > 0; end = start[end]) path[count++] = end;
        for (int i = count - 1; i >= 0; i--)
        {
            int end = path[i];
            if (token[end] >= 0)
            {
                ids.Add(token[end]);
                continue;
            }
            int first = start[end];
            while (i > 0 && token[path[i - 1]] < 0) end = path[--i];
            Spell(word[first..end], ids);
        }
    }

    private void Search(ReadOnlySpan<char> word, Span<double> best, Span<int> token, Span<int> start)
    {
        best.Fill(double.NegativeInfinity);
        best[0] = 0;
        int width;
        for (int at = 0; at < word.Length; at += width)
        {
            _ = CharacterClasses.At(word, at, out width);
            bool hasToken = false;
            int node = TextTrie.Root;
            for (int end = at; end < word.Length && (node = _trie.Step(node, word[end])) >= 0;)
            {
                end++;
                int id = _trie.Value(node);
                if (id < 0) continue;
                hasToken |= end == at + width;
                Offer(end, id, at, best[at] + _scores[id], best, token, start);
            }
            if (!hasToken) Offer(at + width, -1, at, best[at] + _unknownScore, best, token, start);
        }
    }

    private static void Offer(int end, int id, int from, double score, Span<double> best, Span<int> token, Span<int> start)
    {
        if (score <= best[end]) return;
        (best[end], token[end], start[end]) = (score, id, from);
    }

    /// <summary>Writes characters without tokens byte by byte, or as one unknown token where a byte has none.</summary>
    private void Spell(ReadOnlySpan<char> text, List<int> ids)
    {
        byte[] utf8 = new byte[Encoding.UTF8.GetByteCount(text)];
        Encoding.UTF8.GetBytes(text, utf8);
        if (Array.TrueForAll(utf8, value => _bytes[value] >= 0))
        {
            foreach (byte value in utf8) ids.Add(_bytes[value]);
        }
        else if (Unknown is { } unknown)
        {
            ids.Add(unknown);
        }
    }
}
