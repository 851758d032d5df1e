using Percheron.Kernels;

namespace Percheron.Models.Heads;

/// <summary>A head without attention: it answers every row from the target's latest state before it and from the tokens since.</summary>
/// <param name="tensors">Where its weights lie.</param>
/// <param name="team">Threads; not disposed here.</param>
internal abstract unsafe class AnchoredHead(HeadTensors tensors, ThreadTeam team) : IHead, IDisposable
{
    private const string Embedding = "token_embd.weight";

    private readonly Lock _gate = new();
    private readonly NativeBuffer _logits = new(), _product = new();
    private readonly WeightMatrix _embedding = tensors.Has(Embedding) ? tensors.Matrix(Embedding, tensors.Target.Vocab, tensors.Target.HiddenSize) : tensors.Target.Weights.Embedding;
    private HeadRow[] _rows = new HeadRow[16];
    private int _count;

    /// <inheritdoc/>
    public FeatureSet Reads { get; } = tensors.States();

    /// <inheritdoc/>
    public int StateSize => Target.HiddenSize;

    /// <inheritdoc/>
    public abstract int MaxDepth { get; }

    /// <inheritdoc/>
    public int Vocab => Target.Vocab;

    /// <inheritdoc/>
    public int HiddenSize => Target.HiddenSize;

    /// <inheritdoc/>
    public int LayerCount => 1;

    /// <inheritdoc/>
    public int ContextLength => Target.ContextLength;

    /// <summary>Whose states it reads.</summary>
    protected Transformer Target { get; } = tensors.Target;

    /// <summary>Matrix products.</summary>
    protected RowProduct Products { get; } = new(team);

    /// <summary>Floats it keeps of a row that others may follow.</summary>
    protected virtual int OwnFloats => 0;

    /// <inheritdoc/>
    public KvCache NewCache() => NewHeadCache();

    /// <inheritdoc/>
    public HeadCache NewHeadCache() => new AnchoredCache(Reads.Count * StateSize, OwnFloats);

    /// <inheritdoc/>
    public void Forward(ReadOnlySpan<Rows> batch)
    {
        lock (_gate)
        {
            tensors.RequireOpen();
            Target.Weights.RequireOpen();
            foreach (Rows rows in batch) Check(rows);
            _count = 0;
            foreach (Rows rows in batch) Add(rows);
            if (_count > 0) Answer(_rows.AsSpan(0, _count));
            Array.Clear(_rows, 0, _count);
        }
        GC.KeepAlive(tensors);
    }

    /// <summary>Frees the buffers.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Answers rows: those whose logits are wanted, and those that others may follow before the target has seen them. Parents stand before their children.</summary>
    protected abstract void Answer(Span<HeadRow> rows);

    /// <summary>Room for logits [rows, vocab], valid until the next call.</summary>
    protected float* Logits(int rows)
    {
        _logits.Reserve((long)rows * Vocab * sizeof(float));
        return (float*)_logits.Pointer;
    }

    /// <summary>Reads the embedding of a token, the head's own or the target's.</summary>
    protected void Embed(int token, Span<float> vector) => _embedding.ReadRow(token, vector);

    /// <summary>Room for products, valid until the next call.</summary>
    protected float* Scratch(long floats)
    {
        _product.Reserve(floats * sizeof(float));
        return (float*)_product.Pointer;
    }

    /// <summary>y += SiLU(W x + b) for some rows, which are quantized again.</summary>
    protected void AddSilu(Projection projection, Activations x, Activations y, (int First, int Count) rows)
    {
        int size = projection.Matrix.Outputs;
        float* product = Scratch((long)rows.Count * size);
        Products.Run(projection, x, rows.First, rows.Count, product);
        for (int i = 0; i < rows.Count; i++)
        {
            float* change = product + ((long)i * size), state = y.Single(rows.First + i);
            Silu.Apply(change, change, size);
            Kernels.Add.Apply(state, change, state, size);
            y.Quantize(rows.First + i);
        }
    }

    /// <summary>Frees the buffers.</summary>
    protected virtual void Dispose(bool disposing)
    {
        _logits.Dispose();
        _product.Dispose();
        Products.Dispose();
    }

    private void Check(Rows rows)
    {
        if (rows.Cache is not AnchoredCache cache || cache.StateFloats != Reads.Count * StateSize) throw new ArgumentException("the cache is not one of this head", nameof(rows));
        int slots = cache.Length + cache.ScratchCount + rows.Count;
        if (slots > ContextLength) throw new ContextOverflowException(slots, ContextLength);
        foreach (int token in rows.Tokens)
            if ((uint)token >= (uint)Vocab) throw new ArgumentException($"token {token} is not in the vocabulary of {Vocab}", nameof(rows));
    }

    private void Add(Rows rows)
    {
        var cache = (AnchoredCache)rows.Cache;
        rows.PrepareOutputs(Vocab, HiddenSize);
        for (int row = 0; row < rows.Count; row++)
        {
            int scratch = cache.Append(rows.Parents[row], rows.Tokens[row]);
            for (int k = 0; k < rows.Features.Count; k++) rows.FeatureBuffer(row, k).Clear();
            // Where the target's state at this very row is known, whoever follows reads that one.
            if (!rows.WantsLogits(row) && !cache.State(cache.Position(scratch)).IsEmpty) continue;
            if (_count == _rows.Length) Array.Resize(ref _rows, 2 * _count);
            _rows[_count++] = new HeadRow { Owner = rows, Cache = cache, Row = row, Scratch = scratch };
        }
    }
}
