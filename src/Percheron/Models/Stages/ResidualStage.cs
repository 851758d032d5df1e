using Percheron.Kernels;

namespace Percheron.Models.Stages;

/// <summary>Projects rows to the hidden size and adds them to the residual stream.</summary>
internal sealed unsafe class ResidualStage(ForwardState state) : IWork
{
    private Projection _projection = null!;
    private Activations _input = null!;

    public void Run(ThreadTeam team, Projection projection, Activations input)
    {
        (_projection, _input) = (projection, input);
        team.Run(this);
    }

    public void Execute(int part, int parts, int thread)
    {
        int hidden = state.Config.HiddenSize;
        (int from, int to) = Share.Of(hidden, part, parts, Share.Outputs);
        if (from >= to) return;
        Affine.Apply(_projection, _input, state.Count, (from, to), state.Product, hidden, state.Scratch(thread));
        for (int row = 0; row < state.Count; row++)
        {
            float* residual = state.Residual(row) + from;
            Add.Apply(residual, state.Product + (long)row * hidden + from, residual, to - from);
        }
    }
}
