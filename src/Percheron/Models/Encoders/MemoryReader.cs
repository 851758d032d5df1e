using System.Numerics.Tensors;
using Percheron.Kernels;
using Percheron.Models.Stages;

namespace Percheron.Models.Encoders;

/// <summary>Projects an encoder's states to the keys and values that all layers of a decoder attend to, once for all texts about them.</summary>
/// <param name="weights">The decoder.</param>
/// <param name="type">Precision of its caches.</param>
/// <param name="team">Threads.</param>
internal sealed unsafe class MemoryReader(TransformerWeights weights, CacheType type, ThreadTeam team) : IWork, IDisposable
{
    // Floats from here on become infinite in binary16.
    private const float LeastInfinite = 65520;

    private readonly Activations _input = new();
    private readonly NativeBuffer _products = new(), _scratch = new();
    private readonly Lock _gate = new();
    private readonly int _size = weights.Config.KeyValueSize;
    private readonly long _scratchFloats = ((2L * weights.Config.StateSize) + 15) & ~15;
    private CrossWeights _layer = null!;
    private int _count;

    /// <returns>Held once, by the caller.</returns>
    public CrossMemory Read(EncoderStates states)
    {
        TransformerConfig config = weights.Config;
        lock (_gate)
        {
            _count = states.Count;
            _products.Reserve(2L * _count * _size * sizeof(float));
            _scratch.Reserve(team.Threads * _scratchFloats * sizeof(float));
            KeyValueStore store = new(config.LayerCount, config.KeyValueHeadCount, config.HeadSize, type == CacheType.F16, _count);
            store.Reserve(_count, 0);
            bool finite = true;
            for (int layer = 0; layer < config.LayerCount; layer++)
            {
                _layer = weights.Layers[layer].Cross!;
                _input.Begin(_count, states.Width, _layer.Key.Matrix.Kind | _layer.Value.Matrix.Kind);
                for (int row = 0; row < _count; row++)
                {
                    states.Values.Slice(row * states.Width, states.Width).CopyTo(new Span<float>(_input.Single(row), states.Width));
                    _input.Quantize(row);
                }
                team.Run(this);
                finite &= Store(store, layer);
            }
            return new CrossMemory(store, _count, finite);
        }
    }

    public void Execute(int part, int parts, int thread)
    {
        (int from, int to) = Share.Of(2 * _size, part, parts, Share.Outputs);
        float* scratch = (float*)_scratch.Pointer + (thread * _scratchFloats);
        Affine.Apply(_layer.Key, _input, _count, (from, Math.Min(to, _size)), Row(0), 2 * _size, scratch);
        Affine.Apply(_layer.Value, _input, _count, (Math.Max(from, _size) - _size, to - _size), Row(0) + _size, 2 * _size, scratch);
    }

    public void Dispose()
    {
        _input.Dispose();
        _products.Dispose();
        _scratch.Dispose();
    }

    private bool Store(KeyValueStore store, int layer)
    {
        bool finite = true;
        for (int row = 0; row < _count; row++)
        {
            float* keys = Row(row), values = keys + _size;
            for (int head = 0; head < weights.Config.KeyValueHeadCount; head++) store.Store(layer, head, row, keys + (head * weights.Config.HeadSize), values + (head * weights.Config.HeadSize));
            // A NaN is larger than nothing, so it fails the comparison too.
            finite &= TensorPrimitives.MaxMagnitude(new ReadOnlySpan<float>(keys, 2 * _size)) < LeastInfinite;
        }
        return finite;
    }

    // Keys, then values, of a state.
    private float* Row(int row) => (float*)_products.Pointer + (2L * row * _size);
}
