using Percheron.Kernels;
using Percheron.Models.Stages;

namespace Percheron.Models.Heads;

/// <summary>
/// The forward of a block draft: the target's states become keys and values in every layer, the rows of a block see those and each other, whatever comes first. Source: DFlash, arXiv 2602.06036.
/// </summary>
/// <remarks>Rows of blocks stand before rows of states, which leave nothing but keys and values. Every row goes through the same operations whatever stands beside it.</remarks>
internal sealed unsafe class BlockPass : IDisposable
{
    private readonly BlockWeights _weights;
    private readonly ThreadTeam _team;
    private readonly ForwardState _state;
    private readonly RowProduct _products;
    private readonly BlockAttention _attention;
    private readonly QueryKeyValueStage _queryKeyValue;
    private readonly QuantizeStage _quantize;
    private readonly ResidualStage _residual;
    private readonly FeedForwardStage _feedForward;
    private readonly Activations _told = new(), _guesses = new();
    private readonly NativeBuffer _context = new();
    private (BlockCache Cache, int Scratch)[] _states = new (BlockCache, int)[16];
    private int _stateCount;

    public BlockPass(BlockWeights weights, ThreadTeam team, RowProduct products)
    {
        (_weights, _team, _products) = (weights, team, products);
        _state = new ForwardState(weights.Config, team.Threads, weights.Decoded);
        _attention = new BlockAttention(_state, weights);
        _queryKeyValue = new QueryKeyValueStage(_state);
        _quantize = new QuantizeStage(_state);
        _residual = new ResidualStage(_state);
        _feedForward = new FeedForwardStage(_state);
    }

    private int Hidden => _weights.Config.HiddenSize;

    private int BlockRows => _attention.Anchors.Length * _weights.Rows;

    /// <summary>Forgets the last forward.</summary>
    public void Begin()
    {
        Array.Clear(_states, 0, _stateCount);
        _stateCount = 0;
        _attention.Begin();
    }

    /// <summary>Asks for keys and values of the target's state before a scratch row.</summary>
    public void AddState(BlockCache cache, int scratch)
    {
        if (_stateCount == _states.Length) Array.Resize(ref _states, 2 * _stateCount);
        _states[_stateCount++] = (cache, scratch);
    }

    /// <summary>Asks for the block behind a scratch row whose state was asked for, too.</summary>
    public void AddBlock(BlockCache cache, int scratch, int token) => _attention.Add(cache, scratch, token, cache.NewBlock(scratch));

    /// <summary>Evaluates everything; caches have got all their rows.</summary>
    public void Run()
    {
        int rows = BlockRows + _stateCount;
        if (rows == 0) return;
        int slots = _attention.Place();
        _state.Reserve(rows, slots);
        _state.Rope = _weights.Rope?.Reaching(_attention.Positions(_states.AsSpan(0, _stateCount)));
        Fuse();
        Embed();
        for (int layer = 0; layer < _weights.Layers.Length; layer++) RunLayer(layer);
        foreach (ref readonly BlockAnchor anchor in _attention.Anchors) Guess(in anchor);
    }

    public void Dispose()
    {
        _state.Dispose();
        _attention.Dispose();
        _told.Dispose();
        _guesses.Dispose();
        _context.Dispose();
    }

    private void Fuse()
    {
        if (_stateCount == 0) return;
        Projection fusion = _weights.Fusion;
        _told.Begin(_stateCount, fusion.Matrix.Inputs, fusion.Matrix.Kind);
        for (int i = 0; i < _stateCount; i++)
        {
            Span<float> target = new(_told.Single(i), fusion.Matrix.Inputs);
            ReadOnlySpan<float> state = _states[i].Cache.State(_states[i].Cache.Position(_states[i].Scratch) - 1);
            if (state.IsEmpty) target.Clear();
            else state.CopyTo(target);
            _told.Quantize(i);
        }
        _context.Reserve((long)_stateCount * Hidden * sizeof(float));
        _products.Run(fusion, _told, 0, _stateCount, (float*)_context.Pointer);
        for (int i = 0; i < _stateCount; i++) NormalizeStage.Apply(_weights.Config, _weights.FusionNorm, Context(i), Context(i));
    }

    private float* Context(int index) => (float*)_context.Pointer + ((long)index * Hidden);

    private void Embed()
    {
        ReadOnlySpan<BlockAnchor> anchors = _attention.Anchors;
        for (int i = 0; i < anchors.Length; i++)
        {
            for (int k = 0; k < _weights.Rows; k++)
            {
                Span<float> residual = new(_state.Residual((i * _weights.Rows) + k), Hidden);
                if (k == 0) _weights.Target.ReadEmbedding(anchors[i].Token, residual);
                else _weights.Mask.CopyTo(residual);
            }
        }
    }

    private void RunLayer(int number)
    {
        LayerWeights layer = _weights.Layers[number];
        int blocks = BlockRows;
        _state.Count = blocks + _stateCount;
        _state.Input.Begin(_state.Count, Hidden, layer.QkvKinds);
        for (int row = 0; row < _state.Count; row++)
        {
            if (row < blocks) NormalizeStage.Apply(_weights.Config, layer.AttentionNorm, _state.Residual(row), _state.Input.Single(row));
            else new ReadOnlySpan<float>(Context(row - blocks), Hidden).CopyTo(new Span<float>(_state.Input.Single(row), Hidden));
            _state.Input.Quantize(row);
        }
        _queryKeyValue.Run(_team, layer);
        for (int i = 0; i < _stateCount; i++) _attention.Store(layer, number, blocks + i, _states[i].Cache, _states[i].Cache.Slot(_states[i].Scratch), _states[i].Cache.Position(_states[i].Scratch));
        if (blocks == 0) return;
        _state.Count = blocks;
        _attention.Run(_team, layer, number);
        _quantize.Run(_team, _state.Input);
        _residual.Run(_team, layer.Output, _state.Input);
        if (layer is not { Up: { } up, Down: { } down }) return;
        _state.Input.Begin(blocks, Hidden, layer.FeedForwardKinds);
        for (int row = 0; row < blocks; row++)
        {
            NormalizeStage.Apply(_weights.Config, layer.FeedForwardNorm, _state.Residual(row), _state.Input.Single(row));
            _state.Input.Quantize(row);
        }
        _feedForward.Run(_team, layer.Gate, up, down.Matrix.Kind);
        _quantize.Run(_team, _state.Inner);
        _residual.Run(_team, down, _state.Inner);
    }

    // Anchors follow each other as their rows do.
    private void Guess(in BlockAnchor anchor)
    {
        int count = _weights.Guesses, first = (anchor.Index * _weights.Rows) + _weights.FirstGuess;
        _guesses.Begin(count, Hidden, _weights.Output.Kind);
        for (int k = 0; k < count; k++)
        {
            NormalizeStage.Apply(_weights.Config, _weights.OutputNorm, _state.Residual(first + k), _guesses.Single(k));
            _guesses.Quantize(k);
            new ReadOnlySpan<float>(_guesses.Single(k), Hidden).CopyTo(anchor.Block.Hidden(k));
        }
        fixed (float* logits = anchor.Block.AllLogits) _weights.Output.Run(_products, _guesses, (0, count), _told, logits);
    }
}
