using System.Runtime.InteropServices;
using Percheron.Decoding;
using Percheron.Formats;

namespace Percheron.Drafters;

/// <summary>
/// A token map: what mostly follows each short run of tokens in texts of the same domain, transcripts above all, counted once beforehand. The draft is read off step by step, each guess being part of the
/// next run, so it goes on where no single text of the domain does.
/// </summary>
/// <remarks>Runs that are longer count first. A map of a hash, not of the runs themselves: two runs of one hash would only make a wrong guess.</remarks>
[Method(Source = "Token map drafting, arXiv 2507.21522", Examples = ["token-map", "token-map(max=2, length=4, confidence=0.3)"])]
public sealed class TokenMapDrafter : Drafter
{
    // Of a larger corpus only the beginning is counted: rest reads all of it.
    private const int MostTokens = 1 << 22;

    // Occurrences worth of doubt: a run that was seen once says little.
    private const float Doubt = 0.5f;

    private const ulong Start = 14695981039346656037, Factor = 1099511628211;

    private readonly Dictionary<ulong, (int Token, float Claim)> _map = [];
    private readonly int[] _text;
    private readonly int _max, _min, _length, _vocab;

    /// <param name="corpus">Texts of the domain: an index made by <c>percheron index</c>, or a text file.</param>
    /// <param name="max">Longest run that is looked up, in tokens; at most 16.</param>
    /// <param name="min">Shortest run that is looked up.</param>
    /// <param name="length">Tokens drafted at most.</param>
    /// <param name="confidence">Least part of a run's occurrences that a token must have followed, 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public TokenMapDrafter(CorpusIndex corpus, int max = 4, int min = 1, int length = 8, double confidence = 0.5)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(min, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(max, min);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(max, 16);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, 1024);
        if (!(confidence is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(confidence), "confidence is a part of a run's occurrences: 0 to 1");
        (_max, _min, _length, _vocab, _text) = (max, min, length, corpus.Vocab, new int[max + length]);
        Count(corpus, (float)confidence);
    }

    /// <inheritdoc/>
    protected override void Draft(Sequence sequence, TokenTree tree)
    {
        if (sequence.Vocab != 0 && sequence.Vocab < _vocab)
            throw new ArgumentException($"the corpus was indexed with a vocabulary of {_vocab} tokens and the target has {sequence.Vocab}: index it with the target's tokenizer");
        int known = Math.Min(_max, sequence.Count);
        sequence.Tokens[^known..].CopyTo(_text);
        for (int depth = 0, at = 0; depth < _length && tree.Room > 0; depth++, known++)
        {
            if (Next(_text.AsSpan(0, known)) is not { } next || !tree.WorthRow(tree.ChanceOf(at, next.Claim), tree.Count - 1)) return;
            at = tree.Add(at, _text[known] = next.Token, claim: next.Claim);
        }
    }

    private (int Token, float Claim)? Next(ReadOnlySpan<int> text)
    {
        for (int n = Math.Min(_max, text.Length); n >= _min; n--)
            if (_map.TryGetValue(Key(text[^n..]), out (int, float) next)) return next;
        return null;
    }

    private void Count(CorpusIndex corpus, float confidence)
    {
        int[] tokens = new int[Math.Min(corpus.Count, MostTokens)];
        for (int i = 0; i < tokens.Length; i++) tokens[i] = corpus.Token(i);
        for (int n = _min; n <= _max; n++)
        {
            Dictionary<(ulong Key, int Token), int> followed = [];
            Dictionary<ulong, int> occurred = [];
            for (int end = n, begin = 0; end < tokens.Length; end++)
            {
                // No run reaches across the end of a document.
                if (tokens[end - 1] == _vocab) begin = end;
                if (end - begin < n || tokens[end] == _vocab) continue;
                ulong key = Key(tokens.AsSpan(end - n, n));
                CollectionsMarshal.GetValueRefOrAddDefault(followed, (key, tokens[end]), out _)++;
                CollectionsMarshal.GetValueRefOrAddDefault(occurred, key, out _)++;
            }
            foreach (((ulong key, int token), int count) in followed)
            {
                if (count < confidence * occurred[key]) continue;
                float claim = count / (occurred[key] + Doubt);
                // Of two that are equally frequent the lower token counts, whatever the order of a dictionary.
                if (!_map.TryGetValue(key, out (int Token, float Claim) other) || (claim, -token).CompareTo((other.Claim, -other.Token)) > 0) _map[key] = (token, claim);
            }
        }
    }

    private static ulong Key(ReadOnlySpan<int> run)
    {
        ulong hash = Start ^ (ulong)run.Length;
        foreach (int token in run) hash = (hash ^ (uint)token) * Factor;
        return hash;
    }
}
