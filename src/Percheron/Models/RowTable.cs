namespace Percheron.Models;

/// <summary>
/// The rows of all items of a batch, flattened. Rows that start at a later layer stand behind the others, so that the rows a layer runs are always
/// the first ones. Buffers only grow.
/// </summary>
internal sealed class RowTable
{
    private RowEntry[] _entries = new RowEntry[16], _sorted = [];
    private int[] _tails = GC.AllocateUninitializedArray<int>(64, pinned: true);
    private int _tailCount, _filled;

    /// <summary>Rows of the forward; <see cref="Keep"/> lowers it.</summary>
    public int Count { get; private set; }

    /// <summary>Rows whose logits are wanted.</summary>
    public int LogitCount { get; private set; }

    /// <summary>One past the highest position.</summary>
    public int Positions { get; private set; }

    /// <summary>Most scratch rows of one cache.</summary>
    public int ScratchRows { get; private set; }

    /// <summary>Row <paramref name="index"/> of the flattened order.</summary>
    public ref RowEntry this[int index] => ref _entries[index];

    /// <summary>Slots of the scratch rows that rows attend to beyond their contiguous ancestors, by <see cref="RowEntry.TailStart"/>; pinned.</summary>
    public int[] Tails => _tails;

    /// <summary>Appends all rows to their caches and lists them.</summary>
    public void Fill(ReadOnlySpan<Rows> batch, ReadOnlySpan<int> layers, int layerCount)
    {
        Count = _tailCount = Positions = LogitCount = ScratchRows = 0;
        bool ordered = true;
        foreach (Rows rows in batch)
        {
            TransformerCache cache = (TransformerCache)rows.Cache;
            for (int row = 0; row < rows.Count; row++)
            {
                int start = Math.Max(rows.StartLayers[row], 0);
                Add(rows, cache, row, start, Append(rows, cache, row, start, layers, layerCount));
                ordered &= Count < 2 || _entries[Count - 2].StartLayer <= start;
            }
            ScratchRows = Math.Max(ScratchRows, cache.ScratchCount);
        }
        _filled = Count;
        if (!ordered) Sort(layers.Length);
    }

    /// <summary>How many rows start at <paramref name="layer"/> or before, from <paramref name="from"/> on, which all do.</summary>
    public int CountStarted(int layer, int from)
    {
        while (from < Count && _entries[from].StartLayer <= layer) from++;
        return from;
    }

    /// <summary>Moves row <paramref name="from"/> to <paramref name="to"/>, which lies before it or is the same.</summary>
    public void Move(int from, int to) => _entries[to] = _entries[from];

    /// <summary>Keeps only the first <paramref name="count"/> rows.</summary>
    public void Keep(int count) => Count = count;

    /// <summary>Lets go of the caller's objects.</summary>
    public void Clear()
    {
        Array.Clear(_entries, 0, _filled);
        Array.Clear(_sorted, 0, Math.Min(_filled, _sorted.Length));
        Count = 0;
    }

    private static int Append(Rows rows, TransformerCache cache, int row, int start, ReadOnlySpan<int> layers, int layerCount)
    {
        int started = rows.StartedRow(row), keys = started >= 0 ? 0 : start;
        int scratch = cache.AppendRow(rows.Parents[row], keys < layers.Length ? layers[keys] : layerCount, rows.Positions[row]);
        if (started >= 0) cache.Take((TransformerCache)rows.Started!.Overlay, started, layers[..start], scratch);
        return scratch;
    }

    private void Add(Rows rows, TransformerCache cache, int row, int start, int scratch)
    {
        if (Count == _entries.Length) Array.Resize(ref _entries, 2 * Count);
        int run = cache.Run(scratch), tail = cache.PathLength(scratch) - run;
        if (_tailCount + tail > _tails.Length)
        {
            int[] grown = GC.AllocateUninitializedArray<int>(Math.Max(_tailCount + tail, 2 * _tails.Length), pinned: true);
            _tails.AsSpan(0, _tailCount).CopyTo(grown);
            _tails = grown;
        }
        for (int i = tail - 1, at = scratch; i >= 0; i--, at = cache.Parent(at)) _tails[_tailCount + i] = cache.Slot(at);
        int position = cache.Position(scratch);
        Positions = Math.Max(Positions, position + 1);
        _entries[Count++] = new RowEntry
        {
            Owner = rows, Cache = cache, Row = row, Scratch = scratch, Position = position, StartLayer = start,
            Logit = rows.WantsLogits(row) ? LogitCount++ : -1, Contiguous = cache.ReadRows + run, TailStart = _tailCount, TailCount = tail,
        };
        _tailCount += tail;
    }

    private void Sort(int layers)
    {
        if (_sorted.Length < _entries.Length) _sorted = new RowEntry[_entries.Length];
        int at = 0;
        for (int layer = 0; layer <= layers; layer++)
            for (int i = 0; i < Count; i++)
                if (_entries[i].StartLayer == layer) _sorted[at++] = _entries[i];
        (_entries, _sorted) = (_sorted, _entries);
    }
}
