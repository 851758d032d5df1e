using Percheron.Codecs;
using Percheron.Models;

namespace Percheron.Drafters;

/// <summary>
/// A draft model with another vocabulary, seen in the target's: a token it lacks is read as the tokens it is spelled with, and its answers hold the tokens both know, all others
/// with probability 0. So what is drawn from its law is drawn from just that law, which is all that an exact verifier needs.
/// </summary>
/// <remarks>
/// Token-level intersection: Timor et al., arXiv 2502.05202 §4. A row of the target's may stand for several of the draft's; where the draft's context has no room for them, its
/// answers are even.
/// </remarks>
/// <param name="inner">The draft; the caller keeps owning it.</param>
/// <param name="map">What its tokens mean.</param>
public sealed class ForeignModel(IModel inner, VocabularyMap map) : IModel
{
    // Not -infinity: where a constraint forbids all that both know, there is still a law, of tokens that nobody will accept.
    private const float Never = -1e30f;

    private Rows[] _rows = [];

    /// <summary>The draft in its own vocabulary.</summary>
    public IModel Inner => inner;

    /// <summary>What its tokens mean.</summary>
    public VocabularyMap Map => map;

    /// <summary>How the vocabularies differ, in words.</summary>
    public string Difference { get; init; } = $"they have {map.Common} of {map.Target.Count} tokens in common";

    /// <inheritdoc/>
    public int Vocab => map.Target.Count;

    /// <inheritdoc/>
    public int HiddenSize => inner.HiddenSize;

    /// <inheritdoc/>
    public int LayerCount => inner.LayerCount;

    /// <inheritdoc/>
    public int ContextLength => inner.ContextLength;

    /// <inheritdoc/>
    public KvCache NewCache() => new ForeignCache(inner.NewCache());

    /// <inheritdoc/>
    public void Forward(ReadOnlySpan<Rows> batch)
    {
        Reserve(batch.Length);
        int count = 0;
        for (int i = 0; i < batch.Length; i++)
            if (Fill(batch[i], _rows[count])) count++;
        if (count > 0) inner.Forward(_rows.AsSpan(0, count));
        count = 0;
        foreach (Rows rows in batch)
        {
            var cache = (ForeignCache)rows.Cache;
            bool known = count < batch.Length && _rows[count].Count > 0 && _rows[count].Cache == cache.Inner;
            Answer(rows, cache, known ? _rows[count++] : null);
        }
    }

    // Returns false where the draft's context has no room: its rows are then kept here only.
    private bool Fill(Rows rows, Rows into)
    {
        if (rows.Cache is not ForeignCache cache) throw new ArgumentException("the cache is not one of this model");
        into.Reset(cache.Inner, rows.Features);
        int wanted = 0;
        foreach (int token in rows.Tokens)
        {
            if ((uint)token >= (uint)Vocab) throw new ArgumentException($"token {token} is out of range");
            wanted += map.Spelling(token).Length;
        }
        bool room = cache.Inner.Length + cache.Inner.ScratchCount + wanted <= inner.ContextLength;
        for (int row = 0; row < rows.Count; row++)
        {
            int scratch = cache.Append(rows.Parents[row]), last = cache.LastOf(rows.Parents[row]), first = into.FirstScratch + into.Count;
            ReadOnlySpan<int> spelling = room ? map.Spelling(rows.Tokens[row]) : [];
            for (int i = 0; i < spelling.Length; i++) last = into.Add(spelling[i], last, rows.WantsLogits(row) && i == spelling.Length - 1);
            cache.Note(scratch, first, spelling.Length, last);
        }
        return room;
    }

    private void Answer(Rows rows, ForeignCache cache, Rows? answers)
    {
        rows.PrepareOutputs(Vocab, HiddenSize);
        ReadOnlySpan<int> targetOf = map.TargetOf;
        for (int row = 0; row < rows.Count; row++)
        {
            int last = answers is null ? -1 : cache.LastOf(rows.FirstScratch + row) - answers.FirstScratch;
            for (int k = 0; k < rows.Features.Count; k++)
            {
                if (answers is null) rows.FeatureBuffer(row, k).Clear();
                else answers.Feature(last, k).CopyTo(rows.FeatureBuffer(row, k));
            }
            if (!rows.WantsLogits(row)) continue;
            Span<float> logits = rows.LogitBuffer(row);
            logits.Fill(Never);
            ReadOnlySpan<float> theirs = answers is null ? default : answers.Logits(last);
            for (int id = 0; id < targetOf.Length; id++)
                if (targetOf[id] >= 0) logits[targetOf[id]] = theirs.IsEmpty ? 0 : theirs[id];
        }
    }

    private void Reserve(int count)
    {
        if (_rows.Length >= count) return;
        int before = _rows.Length;
        Array.Resize(ref _rows, Math.Max(4, 2 * count));
        for (int i = before; i < _rows.Length; i++) _rows[i] = new Rows();
    }
}
