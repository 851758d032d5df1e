using Percheron.Kernels;

namespace Percheron.Models.Heads;

/// <summary>
/// A head that goes on with the target's hidden states: a few transformer layers of its own read tokens and states, and what leaves them stands for the target's next state. Derived classes say
/// what enters the layers.
/// </summary>
/// <remarks>
/// Rows of one forward that go on with one another's states run one after the other, as levels of a tree do. A vocabulary projection of the file's own may hold some tokens only: key
/// <c>draft_vocab</c>, the target's token of each of its rows; the others have the probability 0. Widening: <c>token_embd</c> inputs, <c>output</c> inputs.
/// </remarks>
internal abstract unsafe class FeatureHead : IHead, IDisposable
{
    // Not -infinity: where a constraint forbids all that the head knows, there is still a law, of tokens that nobody will accept.
    private const float Never = -1e30f;

    private readonly HeadTensors _tensors;
    private readonly HeadLayers _layers;
    private readonly FeatureSet _next;
    private readonly WeightMatrix _embedding;
    private readonly int[]? _tokenOf;
    private readonly Lock _gate = new();
    private readonly NativeBuffer _entries = new();
    private FeatureRow[] _wave = new FeatureRow[16];
    private (Rows Rows, int Done, int Next)[] _items = [];
    private Rows[] _inner = [], _running = [];

    /// <param name="tensors">Where its weights lie.</param>
    /// <param name="team">Threads; not disposed here.</param>
    /// <param name="beside">Floats that enter beside the residual stream.</param>
    /// <param name="normalizes">Whether a norm stands before the vocabulary projection.</param>
    /// <param name="goesOnNormalized">Whether rows go on with the state behind that norm, as it were the target's; else with what leaves the last layer.</param>
    /// <param name="reads">States it reads where the file does not say; the one after the output norm if null.</param>
    protected FeatureHead(HeadTensors tensors, ThreadTeam team, int beside, bool normalizes, bool goesOnNormalized, FeatureSet? reads = null)
    {
        (_tensors, Target, Reads) = (tensors, tensors.Target, tensors.States(reads));
        _layers = HeadLayers.Load(tensors, team, beside, normalizes);
        _next = new FeatureSet(_layers.Config.LayerCount + (goesOnNormalized ? 1 : 0));
        _embedding = tensors.Has("token_embd.weight") ? tensors.Matrix("token_embd.weight", Vocab, HiddenSize) : Target.Weights.Embedding;
        _tokenOf = DraftVocabulary();
        Products = new RowProduct(team);
    }

    /// <inheritdoc/>
    public FeatureSet Reads { get; }

    /// <inheritdoc/>
    public int StateSize => Target.HiddenSize;

    /// <inheritdoc/>
    public int MaxDepth => int.MaxValue;

    /// <inheritdoc/>
    public int Vocab => Target.Vocab;

    /// <inheritdoc/>
    public int HiddenSize => Target.HiddenSize;

    /// <inheritdoc/>
    public int LayerCount => _layers.Config.LayerCount;

    /// <inheritdoc/>
    public int ContextLength => _layers.Config.ContextLength;

    /// <summary>Whose states it reads.</summary>
    protected Transformer Target { get; }

    /// <summary>Matrix products.</summary>
    protected RowProduct Products { get; }

    /// <summary>Added to the mean square in its norms.</summary>
    protected float NormEpsilon => _layers.Config.NormEpsilon;

    /// <inheritdoc/>
    public KvCache NewCache() => NewHeadCache();

    /// <inheritdoc/>
    public HeadCache NewHeadCache() => new FeatureCache(_layers.NewCache(), Reads.Count * StateSize, HiddenSize);

    /// <inheritdoc/>
    public void Forward(ReadOnlySpan<Rows> batch)
    {
        lock (_gate)
        {
            _tensors.RequireOpen();
            foreach (Rows rows in batch) Check(rows);
            Begin(batch);
            while (Gather(batch.Length) is > 0 and var count)
            {
                int size = _layers.EntrySize;
                _entries.Reserve((long)count * size * sizeof(float));
                Enter(_wave.AsSpan(0, count), (float*)_entries.Pointer);
                Run(batch.Length, size);
                Array.Clear(_wave, 0, count);
            }
            Array.Clear(_items);
        }
        GC.KeepAlive(_tensors);
    }

    /// <summary>Frees the buffers.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Writes what enters the layers for every row [rows, hidden and what stands beside it].</summary>
    protected abstract void Enter(ReadOnlySpan<FeatureRow> rows, float* entries);

    /// <summary>Writes the embedding of a row's token [HiddenSize].</summary>
    protected void ReadEmbedding(int token, float* vector) => _embedding.ReadRow(token, new Span<float>(vector, HiddenSize));

    /// <summary>Frees the buffers.</summary>
    protected virtual void Dispose(bool disposing)
    {
        _layers.Dispose();
        Products.Dispose();
        _entries.Dispose();
    }

    private int[]? DraftVocabulary()
    {
        int rows = _layers.Config.Vocab;
        if (_tensors.Tokens("draft_vocab") is not { } tokens)
            return rows == Vocab ? null : throw _tensors.Fault("draft_vocab", $"the vocabulary projection has {rows} rows for {Vocab} tokens, and the key draft_vocab does not say which they are");
        return tokens.Length == rows ? tokens : throw _tensors.Fault("draft_vocab", $"there are {tokens.Length} tokens for the {rows} rows of the vocabulary projection");
    }

    private void Check(Rows rows)
    {
        if (rows.Cache is not FeatureCache cache || cache.StateFloats != Reads.Count * StateSize) throw new ArgumentException("the cache is not one of this head", nameof(rows));
        int slots = cache.Length + cache.ScratchCount + rows.Count;
        if (slots > ContextLength) throw new ContextOverflowException(slots, ContextLength);
        foreach (int token in rows.Tokens)
            if ((uint)token >= (uint)Vocab) throw new ArgumentException($"token {token} is not in the vocabulary of {Vocab}", nameof(rows));
    }

    private void Begin(ReadOnlySpan<Rows> batch)
    {
        if (_items.Length < batch.Length)
        {
            int before = _inner.Length, size = 2 * batch.Length;
            (_items, _running) = (new (Rows, int, int)[size], new Rows[size]);
            Array.Resize(ref _inner, size);
            for (int i = before; i < size; i++) _inner[i] = new Rows();
        }
        for (int item = 0; item < batch.Length; item++)
        {
            Rows rows = batch[item];
            _items[item] = (rows, 0, 0);
            rows.PrepareOutputs(Vocab, HiddenSize);
            for (int row = 0; row < rows.Count; row++)
            {
                ((FeatureCache)rows.Cache).AppendRow(rows.Parents[row]);
                for (int k = 0; k < rows.Features.Count; k++) rows.FeatureBuffer(row, k).Clear();
            }
        }
    }

    // Of every item the next rows whose states are there.
    private int Gather(int items)
    {
        int count = 0;
        for (int item = 0; item < items; item++)
        {
            (Rows rows, int first, _) = _items[item];
            var cache = (FeatureCache)rows.Cache;
            int row = first;
            for (; row < rows.Count && !Waits(rows, cache, row, rows.FirstScratch + first); row++)
            {
                if (count == _wave.Length) Array.Resize(ref _wave, 2 * count);
                _wave[count++] = new FeatureRow { Cache = cache, Scratch = rows.FirstScratch + row, Token = rows.Tokens[row] };
            }
            _items[item].Next = row;
        }
        return count;
    }

    private static bool Waits(Rows rows, FeatureCache cache, int row, int firstOfWave) =>
        rows.Parents[row] >= firstOfWave && cache.State(cache.Position(rows.FirstScratch + row) - 1).IsEmpty;

    private void Run(int items, int size)
    {
        int running = 0;
        float* entry = (float*)_entries.Pointer;
        for (int item = 0; item < items; item++)
        {
            (Rows rows, int first, int end) = _items[item];
            if (first == end) continue;
            var cache = (FeatureCache)rows.Cache;
            Rows inner = _running[running++] = _inner[item];
            // What leaves the last layer is wanted only where a row may have to go on with it.
            bool goesOn = false;
            for (int row = first; row < end; row++) goesOn |= !cache.Knows(rows.FirstScratch + row);
            inner.Reset(cache.Inner, goesOn ? _next : null);
            for (int row = first; row < end; row++, entry += size) inner.AddHidden(new ReadOnlySpan<float>(entry, size), 0, rows.Parents[row], rows.WantsLogits(row));
        }
        _layers.Forward(_running.AsSpan(0, running));
        Array.Clear(_running, 0, running);
        for (int item = 0; item < items; item++) Store(item);
    }

    private void Store(int item)
    {
        (Rows rows, int first, int end) = _items[item];
        var cache = (FeatureCache)rows.Cache;
        Rows inner = _inner[item];
        for (int row = first; row < end; row++)
        {
            if (inner.Features.Count > 0) cache.Keep(rows.FirstScratch + row, inner.Feature(row - first, 0));
            if (!rows.WantsLogits(row)) continue;
            Span<float> logits = rows.LogitBuffer(row);
            ReadOnlySpan<float> known = inner.Logits(row - first);
            if (_tokenOf is null)
            {
                known.CopyTo(logits);
                continue;
            }
            logits.Fill(Never);
            for (int i = 0; i < known.Length; i++) logits[_tokenOf[i]] = known[i];
        }
        _items[item].Done = end;
    }
}
