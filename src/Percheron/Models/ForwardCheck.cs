namespace Percheron.Models;

/// <summary>Everything a forward refuses, found before any cache is touched.</summary>
/// <param name="weights">The whole model.</param>
/// <param name="layers">Layers of it that run.</param>
/// <param name="embeddings">Extra embeddings there are.</param>
internal sealed class ForwardCheck(TransformerWeights weights, int[] layers, EmbeddingTable embeddings)
{
    private readonly TransformerConfig _config = weights.Config;
    private readonly int _given = weights.Config.HiddenSize + weights.Beside;

    private readonly bool _listens = weights.Listens;

    /// <exception cref="ArgumentException">A cache, token, parent, hidden state or wanted output that does not fit the model.</exception>
    /// <exception cref="ObjectDisposedException">A cache is disposed of.</exception>
    /// <exception cref="ContextOverflowException">A row lies beyond the context.</exception>
    public void All(ReadOnlySpan<Rows> batch)
    {
        for (int item = 0; item < batch.Length; item++)
        {
            TransformerCache cache = Cache(batch[item]);
            foreach (Rows earlier in batch[..item])
                if (earlier.Cache == cache) throw new ArgumentException("a cache occurs in two items of one batch", nameof(batch));
            int slots = cache.Length + cache.ScratchCount + batch[item].Count;
            if (slots > _config.ContextLength) throw new ContextOverflowException(slots, _config.ContextLength);
            if (batch[item].Features is { Count: > 0 } features && features.States[^1] > layers.Length + 1)
                throw new ArgumentException($"hidden state {features.States[^1]} does not exist; the last one is {layers.Length + 1}", nameof(batch));
            for (int row = 0; row < batch[item].Count; row++) Row(batch[item], cache, row);
        }
    }

    private TransformerCache Cache(Rows rows)
    {
        if (rows.Cache is not TransformerCache cache || cache.Weights.Family != weights.Family) throw new ArgumentException("the cache is not of this model", nameof(rows));
        ObjectDisposedException.ThrowIf(cache.IsDisposed, cache);
        if (cache.Memory is null && _listens) throw new ArgumentException("the cache is of a model that listens to nothing", nameof(rows));
        if (!cache.IsOverlay && !layers.AsSpan().SequenceEqual(cache.Layers))
            throw new ArgumentException("the cache has other layers than this model; a view reads the cache of its target through NewOverlay", nameof(rows));
        foreach (int layer in layers)
            if (!cache.Holds(layer)) throw new ArgumentException($"the cache has no rows of layer {layer}", nameof(rows));
        if (rows.FirstScratch != cache.ScratchCount) throw new ArgumentException("the cache has changed since the rows were reset", nameof(rows));
        return cache;
    }

    private void Row(Rows rows, TransformerCache cache, int row)
    {
        int token = rows.Tokens[row], extra = rows.Extras[row], start = rows.StartLayers[row];
        if (start >= 0)
        {
            if (start > layers.Length) throw new ArgumentException($"a hidden state cannot enter layer {start} of {layers.Length}", nameof(rows));
            int given = rows.StartHidden(row).Length;
            if (given != _given) throw new ArgumentException($"a hidden state of {given} floats was given where {_given} are needed", nameof(rows));
        }
        else if (extra >= 0)
        {
            if (extra >= embeddings.ExtraCount) throw new ArgumentException($"extra embedding {extra} is not set; there are {embeddings.ExtraCount}", nameof(rows));
        }
        else if ((uint)token >= (uint)_config.Vocab)
        {
            throw new ArgumentException($"token {token} is not in the vocabulary of {_config.Vocab}", nameof(rows));
        }
        if (rows.StartedRow(row) >= 0 && !cache.CanTake(rows.Started!.Overlay, rows.StartedRow(row)))
            throw new ArgumentException("rows are started in an overlay of the cache they are to enter, which reads all of it", nameof(rows));
        int parent = rows.Parents[row];
        int above = parent >= rows.FirstScratch ? KeysFrom(rows, parent - rows.FirstScratch) : cache.StartLayer(parent);
        if (KeysFrom(rows, row) < above) throw new ArgumentException($"row {row} starts below layer {above}, where its parent has no keys", nameof(rows));
    }

    // The layer of the whole model at which a row has its first keys.
    private int KeysFrom(Rows rows, int row)
    {
        int start = rows.StartedRow(row) >= 0 ? 0 : Math.Max(rows.StartLayers[row], 0);
        return start >= layers.Length ? _config.LayerCount : layers[start];
    }
}
