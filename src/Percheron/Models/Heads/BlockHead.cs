using Percheron.Kernels;

namespace Percheron.Models.Heads;

/// <summary>
/// Guesses a block of tokens in one pass: masks behind the last known token, which see each other and, in every layer, keys and values made of the target's states. Deeper rows are answered
/// from that pass; with a bias by the token before, answers depend on the row's own token, too.
/// </summary>
/// <remarks>
/// The row at position t holds the target's states at t − 1 and, where logits are wanted, begins a block with its token, so the block stands one position behind; only distances count.
/// Sources: DFlash, arXiv 2602.06036; DSpark, arXiv 2607.05147.
/// </remarks>
internal sealed unsafe class BlockHead : IHead, IConfident, IDisposable
{
    private readonly HeadTensors _tensors;
    private readonly BlockWeights _weights;
    private readonly RowProduct _products;
    private readonly BlockPass _pass;
    private readonly MarkovBias? _markov;
    private readonly Lock _gate = new();

    public BlockHead(HeadTensors tensors, ThreadTeam team)
    {
        _tensors = tensors;
        Reads = tensors.States();
        _weights = BlockFile.Read(tensors, Reads.Count);
        new WeightPacker(_weights.Layers.SelectMany(layer => layer.Projections).Select(projection => projection.Matrix)).Run(team.Threads, TimeProvider.System);
        _products = new RowProduct(team);
        _pass = new BlockPass(_weights, team, _products);
        if (_weights.Markov is not { } markov) return;
        (_markov, LevelCost) = (new MarkovBias(markov, _products, Vocab), markov.After.Matrix.Bytes / (double)_weights.Bytes);
    }

    /// <inheritdoc/>
    public FeatureSet Reads { get; }

    /// <inheritdoc/>
    public int StateSize => _weights.Config.HiddenSize;

    /// <inheritdoc/>
    public int MaxDepth => _weights.Guesses;

    /// <inheritdoc/>
    public int Vocab => _weights.Config.Vocab;

    /// <inheritdoc/>
    public int HiddenSize => _weights.Config.HiddenSize;

    /// <inheritdoc/>
    public int LayerCount => _weights.Config.LayerCount;

    /// <inheritdoc/>
    public int ContextLength => _weights.Config.ContextLength;

    /// <summary>The block has all guesses; what is left for each is the bias, by the bytes that are read for it.</summary>
    public double LevelCost { get; }

    /// <summary>Reads one from its file.</summary>
    public static IHead Load(HeadTensors tensors, ThreadTeam team) => new BlockHead(tensors, team);

    /// <inheritdoc/>
    public KvCache NewCache() => NewHeadCache();

    /// <inheritdoc/>
    public HeadCache NewHeadCache() => new BlockCache(_weights, Reads.Count * StateSize);

    /// <inheritdoc/>
    public void Forward(ReadOnlySpan<Rows> batch)
    {
        lock (_gate)
        {
            _tensors.RequireOpen();
            _weights.Target.Weights.RequireOpen();
            Check(batch);
            _pass.Begin();
            foreach (Rows rows in batch) Add(rows);
            _pass.Run();
            foreach (Rows rows in batch) Answer(rows);
            _markov?.Run();
        }
        GC.KeepAlive(_tensors);
    }

    /// <inheritdoc/>
    public float Confidence(KvCache cache, int row) =>
        _markov is null ? float.NaN : _markov.Confidence(((BlockCache)cache).Block(row).Hidden(((BlockCache)cache).Guess(row)), ((BlockCache)cache).Guess(row), ((BlockCache)cache).Token(row));

    /// <summary>Frees buffers; the target is untouched.</summary>
    public void Dispose()
    {
        _pass.Dispose();
        _markov?.Dispose();
        _products.Dispose();
    }

    private void Check(ReadOnlySpan<Rows> batch)
    {
        foreach (Rows rows in batch)
        {
            if (rows.Cache is not BlockCache cache || cache.Weights != _weights) throw new ArgumentException("the cache is not one of this head", nameof(batch));
            int slots = cache.Length + cache.ScratchCount + rows.Count;
            if (slots > ContextLength) throw new ContextOverflowException(slots, ContextLength);
            foreach (int token in rows.Tokens)
                if ((uint)token >= (uint)Vocab) throw new ArgumentException($"token {token} is not in the vocabulary of {Vocab}", nameof(batch));
        }
    }

    private void Add(Rows rows)
    {
        var cache = (BlockCache)rows.Cache;
        rows.PrepareOutputs(Vocab, HiddenSize);
        for (int row = 0; row < rows.Count; row++)
        {
            int scratch = cache.AppendRow(rows.Parents[row], rows.Tokens[row]);
            for (int k = 0; k < rows.Features.Count; k++) rows.FeatureBuffer(row, k).Clear();
            if (cache.IsGuess(scratch)) continue;
            _pass.AddState(cache, scratch);
            if (rows.WantsLogits(row)) _pass.AddBlock(cache, scratch, rows.Tokens[row]);
        }
    }

    private void Answer(Rows rows)
    {
        var cache = (BlockCache)rows.Cache;
        for (int row = 0; row < rows.Count; row++)
        {
            if (!rows.WantsLogits(row)) continue;
            int scratch = rows.FirstScratch + row;
            Span<float> logits = rows.LogitBuffer(row);
            cache.Block(scratch).Logits(cache.Guess(scratch)).CopyTo(logits);
            _markov?.Add(rows.Tokens[row], logits);
        }
    }
}
