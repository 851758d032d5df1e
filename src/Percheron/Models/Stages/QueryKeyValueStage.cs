using Percheron.Kernels;

namespace Percheron.Models.Stages;

/// <summary>Projects the normalized rows to queries, keys and values; parts share the outputs of all three.</summary>
internal sealed unsafe class QueryKeyValueStage(ForwardState state) : IWork
{
    private LayerWeights _layer = null!;

    public void Run(ThreadTeam team, LayerWeights layer)
    {
        _layer = layer;
        team.Run(this);
    }

    public void Execute(int part, int parts, int thread)
    {
        (int from, int to) = Share.Of(state.QkvSize, part, parts, Share.Outputs);
        int query = state.Config.QuerySize, key = state.Config.KeyValueSize;
        Apply(_layer.Query, 0, from, to, thread);
        Apply(_layer.Key, query, from, to, thread);
        Apply(_layer.Value, query + key, from, to, thread);
    }

    private void Apply(Projection projection, int offset, int from, int to, int thread)
    {
        (int From, int To) share = (Math.Max(0, from - offset), Math.Min(projection.Matrix.Outputs, to - offset));
        Affine.Apply(projection, state.Input, state.Count, share, state.Qkv(0) + offset, state.QkvSize, state.Scratch(thread));
    }
}
