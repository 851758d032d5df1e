using Percheron.Kernels;

namespace Percheron.Models.Stages;

/// <summary>Normalizes the residual stream of each row into the input of the next projections.</summary>
internal sealed unsafe class NormalizeStage(ForwardState state) : IWork
{
    private Norm _norm = null!;

    public void Run(ThreadTeam team, Norm norm, ActivationKinds kinds)
    {
        _norm = norm;
        state.Input.Begin(state.Count, state.Config.HiddenSize, kinds);
        state.RunRows(team, this);
    }

    public void Execute(int part, int parts, int thread)
    {
        (int from, int to) = Share.Of(state.Count, part, parts);
        for (int row = from; row < to; row++)
        {
            Apply(state.Config, _norm, state.Residual(row), state.Input.Single(row));
            state.Input.Quantize(row);
        }
    }

    /// <summary>Normalizes one hidden state.</summary>
    public static void Apply(TransformerConfig config, Norm norm, float* x, float* y)
    {
        if (config.Norm == NormKind.Layer) LayerNorm.Apply(x, norm.Weight.Pointer, norm.Bias is { } bias ? bias.Pointer : null, config.HiddenSize, config.NormEpsilon, y);
        else RmsNorm.Apply(x, norm.Weight.Pointer, config.HiddenSize, config.NormEpsilon, y);
    }
}
