using Percheron.Kernels;

namespace Percheron.Models.Stages;

/// <summary>First half of a feed-forward layer: the projections to the inner size and what stands between them and the last one.</summary>
internal sealed unsafe class FeedForwardStage(ForwardState state) : IWork
{
    private Projection? _gate;
    private Projection _up = null!;

    public void Run(ThreadTeam team, Projection? gate, Projection up, ActivationKinds kinds)
    {
        (_gate, _up) = (gate, up);
        state.Inner.Begin(state.Count, state.Config.FeedForwardSize, kinds, inParts: true);
        team.Run(this);
    }

    public void Execute(int part, int parts, int thread)
    {
        int inner = state.Config.FeedForwardSize;
        (int from, int to) = Share.Of(inner, part, parts, 2 * Share.Outputs);
        if (from >= to) return;
        // The gate, or the only projection, goes where the result shall stand; the other factor passes through the product buffer.
        Affine.Apply(_gate ?? _up, state.Input, state.Count, (from, to), state.Inner.Single(0), inner, state.Scratch(thread));
        if (_gate is not null) Affine.Apply(_up, state.Input, state.Count, (from, to), state.Product, inner, state.Scratch(thread));
        for (int row = 0; row < state.Count; row++)
        {
            float* result = state.Inner.Single(row) + from;
            if (_gate is not null) SiluMultiply.Apply(result, state.Product + (long)row * inner + from, result, to - from);
            else if (state.Config.FeedForward == FeedForwardKind.ExactGelu) Gelu.Erf(result, result, to - from);
            else HalfGelu.Tanh(result, result, to - from);
            state.Inner.QuantizeColumns(row, from, to);
        }
    }
}
