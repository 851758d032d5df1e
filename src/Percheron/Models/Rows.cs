namespace Percheron.Models;

/// <summary>
/// Rows to evaluate over one cache, and what the model answered. One object is filled, evaluated and read again every step; its buffers only grow.
/// </summary>
/// <remarks>
/// Row i becomes scratch row <see cref="FirstScratch"/> + i. Its input is a token, an extra embedding (look-ahead and mask tokens), a given hidden state that enters at a given layer
/// (feature heads), or what a view of the first layers has made of a token (early exit).
/// </remarks>
public sealed class Rows
{
    private int[] _tokens = new int[16], _parents = new int[16], _extras = new int[16], _layers = new int[16], _logitSlots = new int[16], _started = new int[16], _positions = new int[16];
    private float[] _hidden = [], _logits = [], _features = [];
    private int _hiddenSize, _givenSize, _vocab;

    /// <summary>The cache the rows are appended to.</summary>
    public KvCache Cache { get; private set; } = null!;

    /// <summary>Number of rows.</summary>
    public int Count { get; private set; }

    /// <summary>Number of rows whose logits are wanted.</summary>
    public int LogitCount { get; private set; }

    /// <summary>Which hidden states are wanted, of every row.</summary>
    public FeatureSet Features { get; private set; } = FeatureSet.None;

    /// <summary>Scratch index that row 0 has, or will have after the forward.</summary>
    public int FirstScratch { get; private set; }

    /// <summary>What views have read of the rows already; null where all rows begin here.</summary>
    public StartedRows? Started { get; private set; }

    /// <summary>Token of each row; −1 where the row has another input.</summary>
    public ReadOnlySpan<int> Tokens => _tokens.AsSpan(0, Count);

    /// <summary>Parent of each row as a scratch index of the cache; −1 is the last committed row.</summary>
    public ReadOnlySpan<int> Parents => _parents.AsSpan(0, Count);

    /// <summary>Extra-embedding id of each row; −1 where there is none.</summary>
    public ReadOnlySpan<int> Extras => _extras.AsSpan(0, Count);

    /// <summary>Layer at which each row's given hidden state enters; −1 where the row starts from an embedding.</summary>
    public ReadOnlySpan<int> StartLayers => _layers.AsSpan(0, Count);

    /// <summary>Position that each row names; −1 where it stands right behind its parent.</summary>
    public ReadOnlySpan<int> Positions => _positions.AsSpan(0, Count);

    /// <summary>Empties the object for a new forward over <paramref name="cache"/>.</summary>
    public void Reset(KvCache cache, FeatureSet? features = null, StartedRows? started = null)
    {
        (Cache, Started) = (cache, started);
        FirstScratch = cache.ScratchCount;
        Features = features ?? FeatureSet.None;
        Count = LogitCount = 0;
    }

    /// <summary>Adds a token under <paramref name="parent"/> (a scratch index; rows of this object count from <see cref="FirstScratch"/>); returns its scratch index.</summary>
    public int Add(int token, int parent, bool logits) => Add(token, -1, -1, -1, parent, logits);

    /// <summary>Adds a token at a position of its own, further on than right behind its parent, over an overlay: see <see cref="KvCache.Place"/>.</summary>
    public int AddAt(int token, int position, int parent, bool logits)
    {
        int row = Add(token, parent, logits);
        _positions[Count - 1] = position;
        return row;
    }

    /// <summary>Adds a row whose input is extra embedding <paramref name="extra"/> of the model.</summary>
    public int AddExtra(int extra, int parent, bool logits) => Add(-1, extra, -1, -1, parent, logits);

    /// <summary>
    /// Adds a token that is row <paramref name="row"/> of <see cref="Started"/>: its keys and values below <see cref="StartedRows.Layer"/> are taken over, and it goes on there. It must stand
    /// behind the same tokens as in the overlay; then its bits are those of a row that runs all layers.
    /// </summary>
    public int AddStarted(int token, int row, int parent, bool logits)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        if (Started is null) throw new InvalidOperationException("no started rows were given to Reset");
        return Add(token, -1, Started.Layer, row, parent, logits);
    }

    /// <summary>
    /// Adds a row whose residual stream enters <paramref name="layer"/> as <paramref name="hidden"/> [HiddenSize] (copied). It leaves no keys below that
    /// layer, so only rows that start there or higher may descend from it. Behind it stands what a layer reads beside the stream, where one does.
    /// </summary>
    public int AddHidden(ReadOnlySpan<float> hidden, int layer, int parent, bool logits)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(layer);
        if (Count > 0 && _givenSize != hidden.Length && StartLayers.ContainsAnyExcept(-1) && Started is null)
            throw new ArgumentException("all hidden states of a forward have one length", nameof(hidden));
        _givenSize = hidden.Length;
        int need = (Count + 1) * hidden.Length;
        if (_hidden.Length < need) Array.Resize(ref _hidden, Math.Max(need, 2 * _hidden.Length));
        hidden.CopyTo(_hidden.AsSpan(Count * hidden.Length));
        return Add(-1, -1, layer, -1, parent, logits);
    }

    /// <summary>The hidden state given for row <paramref name="row"/> [HiddenSize].</summary>
    public ReadOnlySpan<float> StartHidden(int row) => _started[row] >= 0 ? Started!.State(_started[row]) : _hidden.AsSpan(row * _givenSize, _givenSize);

    /// <summary>Row of <see cref="Started"/> that row <paramref name="row"/> goes on from; −1 where it has keys from the layer on at which it starts.</summary>
    public int StartedRow(int row) => _started[row];

    /// <summary>Whether the logits of row <paramref name="row"/> are wanted.</summary>
    public bool WantsLogits(int row) => _logitSlots[row] >= 0;

    /// <summary>Logits of row <paramref name="row"/> [vocab], valid until the next <see cref="Reset"/>.</summary>
    /// <exception cref="InvalidOperationException">They were not asked for.</exception>
    public ReadOnlySpan<float> Logits(int row) => LogitBuffer(row);

    /// <summary>Hidden state number <paramref name="index"/> of <see cref="Features"/> at row <paramref name="row"/> [HiddenSize].</summary>
    public ReadOnlySpan<float> Feature(int row, int index) => FeatureBuffer(row, index);

    /// <summary>Sizes the outputs; a model calls it once at the start of its forward.</summary>
    public void PrepareOutputs(int vocab, int hiddenSize)
    {
        (_vocab, _hiddenSize) = (vocab, hiddenSize);
        Grow(ref _logits, LogitCount * vocab);
        Grow(ref _features, Count * Features.Count * hiddenSize);
    }

    /// <summary>Where a model writes the logits of <paramref name="row"/>; rows that want logits lie one behind the other.</summary>
    public Span<float> LogitBuffer(int row)
    {
        int slot = row < Count ? _logitSlots[row] : -1;
        if (slot < 0) throw new InvalidOperationException($"the logits of row {row} were not asked for");
        return _logits.AsSpan(slot * _vocab, _vocab);
    }

    /// <summary>Where a model writes hidden state <paramref name="index"/> of <paramref name="row"/>.</summary>
    public Span<float> FeatureBuffer(int row, int index)
    {
        if ((uint)row >= (uint)Count || (uint)index >= (uint)Features.Count) throw new InvalidOperationException($"hidden state {index} of row {row} was not asked for");
        return _features.AsSpan((row * Features.Count + index) * _hiddenSize, _hiddenSize);
    }

    private int Add(int token, int extra, int layer, int started, int parent, bool logits)
    {
        if (parent < -1 || parent >= FirstScratch + Count) throw new ArgumentOutOfRangeException(nameof(parent), $"parent {parent} is not a scratch row yet");
        if (Count == _tokens.Length)
        {
            int size = 2 * Count;
            Array.Resize(ref _tokens, size);
            Array.Resize(ref _parents, size);
            Array.Resize(ref _extras, size);
            Array.Resize(ref _layers, size);
            Array.Resize(ref _logitSlots, size);
            Array.Resize(ref _started, size);
            Array.Resize(ref _positions, size);
        }
        (_tokens[Count], _extras[Count], _layers[Count], _started[Count], _parents[Count]) = (token, extra, layer, started, parent);
        _positions[Count] = -1;
        _logitSlots[Count] = logits ? LogitCount++ : -1;
        return FirstScratch + Count++;
    }

    private static void Grow(ref float[] buffer, int size)
    {
        // Pinned, so that kernels may take its address; doubled, so that a steady state allocates nothing.
        if (buffer.Length < size) buffer = GC.AllocateUninitializedArray<float>(Math.Max(size, 2 * buffer.Length), pinned: true);
    }
}
