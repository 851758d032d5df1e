using Percheron.Kernels;

namespace Percheron.Models;

/// <summary>
/// Keys and values of a transformer for one prefix: committed rows by position, scratch rows behind them. An overlay keeps scratch rows of its own
/// and reads the committed rows of the cache it was made from. The first committed rows, in whole chunks of attention, may belong to several caches.
/// </summary>
internal sealed unsafe class TransformerCache : KvCache
{
    private readonly TransformerCache? _committed;
    private readonly int[] _layerSlots;
    private readonly SparseRows? _sparse;
    private SharedPrefix? _shared;
    private volatile bool _holdsSpecials;
    private int[] _startLayers = new int[16];
    private int[] _runs = new int[16];
    private bool _disposed;

    /// <param name="weights">The model whose rows this holds; views share it.</param>
    /// <param name="type">F16 or F32.</param>
    /// <param name="layers">Layers of the model that rows have, ascending.</param>
    /// <param name="memory">What rows attend to beside the text, where the model does.</param>
    public TransformerCache(TransformerWeights weights, CacheType type, ReadOnlySpan<int> layers, CrossMemory? memory = null)
    {
        (Weights, Type, Layers, Memory) = (weights, type, layers.ToArray(), memory?.Hold());
        _layerSlots = new int[weights.Config.LayerCount];
        Array.Fill(_layerSlots, -1);
        for (int slot = 0; slot < layers.Length; slot++) _layerSlots[layers[slot]] = slot;
        Contents = NewStore(0);
    }

    private TransformerCache(TransformerCache committed, SparseReading? sparse = null) : this(committed.Weights, committed.Type, committed.Layers, committed.Memory)
    {
        _committed = committed;
        if (sparse is not null) _sparse = new SparseRows(sparse.Checked(), committed, Contents);
    }

    public TransformerWeights Weights { get; }

    public CacheType Type { get; }

    /// <summary>Layers of the model that rows have.</summary>
    public int[] Layers { get; }

    /// <summary>What rows attend to beside the text; null where there is nothing.</summary>
    public CrossMemory? Memory { get; }

    /// <summary>Contents, by layer of <see cref="Layers"/>: all rows but shared ones.</summary>
    public KeyValueStore Contents { get; private set; }

    /// <summary>Committed rows before this one are shared with other caches; a multiple of <see cref="Attention.Chunk"/>.</summary>
    public int SharedEnd => Committed._shared?.Rows ?? 0;

    /// <summary>Changes when committed rows are dropped.</summary>
    public int Revision { get; private set; }

    public bool IsOverlay => _committed is not null;

    /// <summary>Whether no key or value that can be read here has ever been an infinity or NaN.</summary>
    public bool IsFinite => !_holdsSpecials && (_committed is null || _committed.IsFinite);

    /// <summary>Whether this cache, or the one it reads, is gone.</summary>
    public bool IsDisposed => _disposed || _committed is { IsDisposed: true };

    /// <inheritdoc/>
    public override int Length => _committed is null ? base.Length : Math.Min(Reach, _committed.Length);

    /// <summary>Committed rows that are read: all, or those that a sparse overlay has gathered.</summary>
    public int ReadRows => _sparse?.Count ?? Length;

    /// <inheritdoc/>
    public override long Bytes => Contents.Bytes + (_shared?.BytesEach ?? 0);

    /// <summary>Notes that an infinity or NaN was stored; any thread of a forward may do so.</summary>
    public void HoldsSpecials() => _holdsSpecials = true;

    /// <summary>Whether rows of this cache have keys in <paramref name="layer"/> of the model.</summary>
    public bool Holds(int layer) => _layerSlots[layer] >= 0;

    /// <summary>Keys of the committed rows in a head of a layer, by position; in a cache that is no overlay the scratch rows stand behind them.</summary>
    public byte* CommittedKeys(int layer, int head) => Committed.Contents.Keys(_layerSlots[layer], head);

    /// <summary>As <see cref="CommittedKeys"/>, of values.</summary>
    public byte* CommittedValues(int layer, int head) => Committed.Contents.Values(_layerSlots[layer], head);

    /// <summary>Keys of the committed rows before <see cref="SharedEnd"/>; those of <see cref="CommittedKeys"/> where none are shared.</summary>
    public byte* SharedKeys(int layer, int head) => Committed.StoreOf(0).Keys(_layerSlots[layer], head);

    /// <summary>As <see cref="SharedKeys"/>, of values.</summary>
    public byte* SharedValues(int layer, int head) => Committed.StoreOf(0).Values(_layerSlots[layer], head);

    /// <summary>The store that has the committed row at a position of this cache, which is no overlay.</summary>
    public KeyValueStore StoreOf(int position) => position < SharedEnd ? _shared!.Store : Contents;

    /// <summary>Copies committed rows of one head of this cache, which is no overlay, into a store.</summary>
    /// <param name="store">Where to.</param>
    /// <param name="slot">Number of the layer in <see cref="Layers"/>.</param>
    /// <param name="head">The head.</param>
    /// <param name="from">First row here.</param>
    /// <param name="to">First row there.</param>
    /// <param name="rows">How many.</param>
    public void CopyTo(KeyValueStore store, int slot, int head, int from, int to, int rows)
    {
        int shared = Math.Clamp(SharedEnd - from, 0, rows);
        if (shared > 0) store.CopyRows(_shared!.Store, slot, head, from, to, shared);
        if (shared < rows) store.CopyRows(Contents, slot, head, from + shared, to + shared, rows - shared);
    }

    /// <summary>Keys in a head of a layer, by <see cref="Slot"/>.</summary>
    public byte* ScratchKeys(int layer, int head) => Contents.Keys(_layerSlots[layer], head);

    /// <summary>As <see cref="ScratchKeys"/>, of values.</summary>
    public byte* ScratchValues(int layer, int head) => Contents.Values(_layerSlots[layer], head);

    /// <summary>Stores key and value of a scratch row [HeadSize] each, in the precision of the cache.</summary>
    public void Store(int layer, int head, int row, float* key, float* value) => Contents.Store(_layerSlots[layer], head, Slot(row), key, value);

    /// <summary>Where scratch row <paramref name="row"/> stands in the cache's own store.</summary>
    public int Slot(int row) => FirstSlot + row;

    /// <summary>First layer (of the model or view that wrote it) in which the row a new row would hang on has keys.</summary>
    public int StartLayer(int parent)
    {
        if (parent >= 0) return _startLayers[FirstSlot + parent];
        if (_committed is not null) return _committed.StartLayer(-1);
        return Length == 0 ? 0 : _startLayers[Length - 1];
    }

    /// <summary>
    /// How many ancestors of scratch row <paramref name="row"/>, itself included, counted from the tail, are the scratch rows 0, 1, 2 …: these lie right
    /// behind the committed rows and are read as if they were committed. Always 0 in an overlay, whose scratch lies elsewhere.
    /// </summary>
    public int Run(int row) => _runs[row];

    /// <summary>Appends a scratch row whose keys begin at <paramref name="startLayer"/>; returns its index.</summary>
    public int AppendRow(int parent, int startLayer, int position = -1)
    {
        if (position >= 0 && (!IsOverlay || _sparse is not null)) throw new ArgumentException("only rows of an overlay that reads all rows name their positions", nameof(position));
        if (position >= Weights.Config.ContextLength) throw new ContextOverflowException(position + 1, Weights.Config.ContextLength);
        if (ScratchCount == 0) _sparse?.Update();
        int row = Place(parent, position);
        int slot = FirstSlot + row;
        if (row >= _runs.Length) Array.Resize(ref _runs, 2 * row);
        _startLayers[slot] = startLayer;
        bool continues = parent == row - 1 && (parent < 0 || _runs[parent] == row);
        _runs[row] = IsOverlay ? 0 : continues ? row + 1 : parent < 0 ? 0 : _runs[parent];
        return row;
    }

    /// <summary>Whether a scratch row of another cache can go on in this one: that is an overlay which reads all rows of this one.</summary>
    public bool CanTake(KvCache overlay, int row) => overlay is TransformerCache { _sparse: null, IsDisposed: false } other && other._committed == this && other.Length == Length && row < other.ScratchCount;

    /// <summary>Takes keys and values of layers over from a scratch row of an overlay.</summary>
    public void Take(TransformerCache overlay, int row, ReadOnlySpan<int> layers, int scratch)
    {
        System.Diagnostics.Debug.Assert(overlay.Position(row) == Position(scratch), "a started row goes on at the position it was started for");
        foreach (int layer in layers)
            for (int head = 0; head < Weights.Config.KeyValueHeadCount; head++)
                Contents.CopyRows(overlay.Contents, _layerSlots[layer], head, overlay.Slot(row), Slot(scratch), 1);
        if (!overlay.IsFinite) HoldsSpecials();
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">This is an overlay and <paramref name="rows"/> is not empty.</exception>
    public override void Commit(ReadOnlySpan<int> rows)
    {
        if (IsOverlay && rows.Length > 0) throw new InvalidOperationException("an overlay commits nothing; commit the rows of the cache it reads");
        base.Commit(rows);
    }

    /// <inheritdoc/>
    public override KvCache NewOverlay() => new TransformerCache(_committed ?? this);

    /// <inheritdoc/>
    public override KvCache NewOverlay(SparseReading sparse) => new TransformerCache(_committed ?? this, sparse);

    /// <inheritdoc/>
    public override void Truncate(int length)
    {
        if (length < base.Length) Revision++;
        base.Truncate(length);
        if (!IsOverlay && length < SharedEnd) Replace(null, StoreOf(0), 0, length);
    }

    /// <summary>Tells a sparse overlay the queries of a row in a layer [HeadCount, HeadSize].</summary>
    public void Note(int layer, float* queries) => _sparse?.Note(layer, queries);

    /// <inheritdoc/>
    protected override void Reserve(int scratchRows)
    {
        // Rows that name their positions stand side by side; each position is checked by itself.
        int rows = IsPlaced ? 0 : Length + scratchRows;
        if (rows > Weights.Config.ContextLength) throw new ContextOverflowException(rows, Weights.Config.ContextLength);
        Contents.Reserve(FirstSlot + scratchRows, FirstSlot + ScratchCount);
        int slots = FirstSlot + scratchRows;
        if (slots > _startLayers.Length) Array.Resize(ref _startLayers, Math.Max(slots, 2 * _startLayers.Length));
    }

    /// <inheritdoc/>
    protected override void MoveScratch(int from, int to)
    {
        Contents.Move(FirstSlot + from, FirstSlot + to);
        _startLayers[FirstSlot + to] = _startLayers[FirstSlot + from];
    }

    /// <inheritdoc/>
    protected override void CopyRows(KvCache other, int length)
    {
        if (IsOverlay || other is not TransformerCache { IsOverlay: false } from || from.Weights != Weights || from.Type != Type || from.Memory != Memory || !from.Layers.AsSpan().SequenceEqual(Layers))
            throw new ArgumentException("rows can be taken from a cache of the same model only, and not by or from an overlay", nameof(other));
        if (from._shared is null && length >= Attention.Chunk) from.Share(length / Attention.Chunk * Attention.Chunk);
        int shared = from.SharedEnd <= length ? from.SharedEnd : 0;
        Replace(shared > 0 ? from._shared!.Hold() : null, from.StoreOf(shared), shared, length);
        if (_startLayers.Length < length) Array.Resize(ref _startLayers, length);
        from._startLayers.AsSpan(0, length).CopyTo(_startLayers);
        _holdsSpecials |= from._holdsSpecials;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed) Memory?.Release();
        _disposed = true;
        if (disposing)
        {
            Contents.Dispose();
            _shared?.Release();
            _shared = null;
        }
        base.Dispose(disposing);
    }

    // Hands the first rows over to a prefix that others can have too.
    private void Share(int rows)
    {
        KeyValueStore prefix = NewStore(0);
        prefix.CopyFrom(Contents, 0, rows);
        Replace(new SharedPrefix(prefix, rows), Contents, rows, Length + ScratchCount);
    }

    // Begins with a prefix, or with none, and takes what follows it from a store.
    private void Replace(SharedPrefix? prefix, KeyValueStore source, int from, int to)
    {
        KeyValueStore store = NewStore(from);
        if (from < to) store.CopyFrom(source, from, to);
        Contents.Dispose();
        _shared?.Release();
        (Contents, _shared) = (store, prefix);
    }

    private KeyValueStore NewStore(int first)
    {
        TransformerConfig config = Weights.Config;
        return new KeyValueStore(Layers.Length, config.KeyValueHeadCount, config.HeadSize, Type == CacheType.F16, config.ContextLength) { First = first };
    }

    private int FirstSlot => _sparse?.Count ?? (IsOverlay ? 0 : Length);

    private TransformerCache Committed => _sparse is null ? _committed ?? this : this;
}
