using Percheron.Kernels;

namespace Percheron.Models;

/// <summary>
/// The committed rows that a sparse overlay reads, gathered into its own store: sinks, pieces, latest rows. Keys are stored as their position has turned them, so a row
/// can be read from any slot.
/// </summary>
/// <param name="reading">Which rows.</param>
/// <param name="committed">The cache below.</param>
/// <param name="store">The overlay's store, of the same shape; gathered rows stand at its beginning.</param>
internal sealed unsafe class SparseRows(SparseReading reading, TransformerCache committed, KeyValueStore store)
{
    private readonly TransformerConfig _config = committed.Weights.Config;
    private float[] _queries = [], _scores = [];
    private int[] _order = [];
    private int _known = -1, _first, _revision;

    /// <summary>Rows gathered, from slot 0 on.</summary>
    public int Count { get; private set; }

    /// <summary>Notes the queries of a layer [HeadCount, HeadSize]; the last ones before rows are gathered anew choose the pieces.</summary>
    public void Note(int layer, float* queries)
    {
        if (reading.Chunks == 0) return;
        if (_queries.Length == 0) _queries = new float[_config.LayerCount * _config.QuerySize];
        new ReadOnlySpan<float>(queries, _config.QuerySize).CopyTo(_queries.AsSpan(layer * _config.QuerySize));
    }

    /// <summary>Brings the rows up to date with the cache below.</summary>
    public void Update()
    {
        int length = committed.Length, first = reading.FirstRecent(length);
        if (_known < 0 || length < _known || first != _first || committed.Revision != _revision) Gather(length, first);
        else Append(_known, length);
        (_known, _first, _revision) = (length, first, committed.Revision);
    }

    private void Gather(int length, int first)
    {
        int sinks = Math.Min(reading.Sinks, length);
        int from = (sinks + SparseReading.ChunkRows - 1) / SparseReading.ChunkRows, pieces = Math.Max((first / SparseReading.ChunkRows) - from, 0);
        int taken = Math.Min(reading.Chunks, pieces);
        Count = 0;
        store.Reserve(sinks + (taken * SparseReading.ChunkRows) + length - first, 0);
        Append(0, sinks);
        if (taken > 0)
        {
            Prepare(pieces);
            for (int plane = 0; plane < committed.Layers.Length * _config.KeyValueHeadCount; plane++)
            {
                (int slot, int head) = Math.DivRem(plane, _config.KeyValueHeadCount);
                Rank(slot, head, from, pieces);
                for (int i = 0; i < taken; i++)
                    committed.CopyTo(store, slot, head, (from + _order[i]) * SparseReading.ChunkRows, Count + (i * SparseReading.ChunkRows), SparseReading.ChunkRows);
            }
            Count += taken * SparseReading.ChunkRows;
        }
        Append(first, length);
    }

    private void Append(int from, int to)
    {
        store.Reserve(Count + to - from, Count);
        for (int slot = 0; slot < committed.Layers.Length; slot++)
            for (int head = 0; head < _config.KeyValueHeadCount; head++) committed.CopyTo(store, slot, head, from, Count, to - from);
        Count += to - from;
    }

    private void Prepare(int pieces)
    {
        if (_order.Length >= pieces) return;
        (_order, _scores) = (new int[2 * pieces], new float[2 * pieces]);
    }

    // The best pieces first; as long as no query is known, the latest.
    private void Rank(int slot, int head, int from, int pieces)
    {
        int layer = committed.Layers[slot], size = _config.HeadSize, group = _config.HeadCount / _config.KeyValueHeadCount;
        Span<float> query = stackalloc float[size];
        query.Clear();
        for (int h = 0; _queries.Length > 0 && h < group; h++)
            for (int d = 0; d < size; d++) query[d] += _queries[(layer * _config.QuerySize) + (((head * group) + h) * size) + d];
        for (int i = 0; i < pieces; i++) (_order[i], _scores[i]) = (i, _queries.Length > 0 ? -Score(slot, head, from + i, query) : -i);
        _scores.AsSpan(0, pieces).Sort(_order.AsSpan(0, pieces));
    }

    // A piece is a block of keys, so that a component of all its keys lies in one place.
    private float Score(int slot, int head, int piece, ReadOnlySpan<float> query)
    {
        byte* keys = committed.StoreOf(piece * SparseReading.ChunkRows).Keys(slot, head) + (AttentionLayout.KeyStart(piece * SparseReading.ChunkRows, query.Length) * (committed.Type == CacheType.F16 ? sizeof(ushort) : sizeof(float)));
        Span<float> components = stackalloc float[SparseReading.ChunkRows];
        float score = 0;
        for (int d = 0; d < query.Length; d++)
        {
            if (committed.Type == CacheType.F16) HalfConversion.ToSingle(new ReadOnlySpan<Half>((Half*)keys + (d * SparseReading.ChunkRows), SparseReading.ChunkRows), components);
            else new ReadOnlySpan<float>((float*)keys + (d * SparseReading.ChunkRows), SparseReading.ChunkRows).CopyTo(components);
            float sum = 0;
            foreach (float component in components) sum += component;
            score += query[d] * sum;
        }
        return score;
    }
}
