using System.Numerics.Tensors;
using Percheron.Kernels;

namespace Percheron.Models.Stages;

/// <summary>Normalizes and rotates queries and keys of each row, and stores keys and values in the row's cache, in the precision of the cache.</summary>
internal sealed unsafe class StoreStage(ForwardState state) : IWork
{
    // Floats from here on become infinite in binary16.
    private const float LeastInfinite = 65520;

    private LayerWeights _weights = null!;
    private int _layer;

    /// <param name="team">Threads.</param>
    /// <param name="weights">Weights of the layer.</param>
    /// <param name="layer">Its number in the whole model.</param>
    public void Run(ThreadTeam team, LayerWeights weights, int layer)
    {
        (_weights, _layer) = (weights, layer);
        state.RunRows(team, this);
    }

    public void Execute(int part, int parts, int thread)
    {
        (int from, int to) = Share.Of(state.Count, part, parts);
        TransformerConfig config = state.Config;
        for (int row = from; row < to; row++)
        {
            ref RowEntry entry = ref state.Rows[row];
            float* queries = state.Qkv(row), keys = queries + config.QuerySize, values = keys + config.KeyValueSize;
            Turn(queries, config.HeadCount, _weights.QueryNorm, entry.Position);
            Turn(keys, config.KeyValueHeadCount, _weights.KeyNorm, entry.Position);
            for (int head = 0; head < config.KeyValueHeadCount; head++)
                entry.Cache.Store(_layer, head, entry.Scratch, keys + head * config.HeadSize, values + head * config.HeadSize);
            // A NaN is larger than nothing, so it fails the comparison too.
            if (!(TensorPrimitives.MaxMagnitude(new ReadOnlySpan<float>(keys, 2 * config.KeyValueSize)) < LeastInfinite)) entry.Cache.HoldsSpecials();
        }
    }

    private void Turn(float* heads, int count, WeightVector? norm, int position)
    {
        TransformerConfig config = state.Config;
        for (int head = 0; norm is not null && head < count; head++)
        {
            float* values = heads + head * config.HeadSize;
            RmsNorm.Apply(values, norm.Pointer, config.HeadSize, config.NormEpsilon, values);
        }
        if (config.Rope is not { } rope || state.Rope is not { } table) return;
        Rope.Apply(heads, count, config.HeadSize, rope.Dimensions, table.Cosines(position), table.Sines(position), rope.Layout);
    }
}
