using Percheron.Kernels;

namespace Percheron.Models.Stages;

/// <summary>Normalizes the residual stream of each row into the input of the next projections.</summary>
internal sealed unsafe class NormalizeStage(ForwardState state) : IWork
{
    private Norm? _norm;

    /// <param name="team">Threads.</param>
    /// <param name="norm">Null passes the stream on as it is.</param>
    /// <param name="kinds">Forms that the projections read.</param>
    /// <param name="columns">Floats that they read; beyond the hidden size they begin with what was given beside the stream.</param>
    public void Run(ThreadTeam team, Norm? norm, ActivationKinds kinds, int columns)
    {
        _norm = norm;
        state.Input.Begin(state.Count, columns, kinds);
        state.RunRows(team, this);
    }

    public void Execute(int part, int parts, int thread)
    {
        (int from, int to) = Share.Of(state.Count, part, parts);
        for (int row = from; row < to; row++)
        {
            int beside = state.Input.Columns - state.Config.HiddenSize;
            float* input = state.Input.Single(row);
            ref RowEntry entry = ref state.Rows[row];
            if (beside > 0) entry.Owner.StartHidden(entry.Row)[state.Config.HiddenSize..].CopyTo(new Span<float>(input, beside));
            Apply(state.Config, _norm, state.Residual(row), input + beside);
            state.Input.Quantize(row);
        }
    }

    /// <summary>Normalizes one hidden state, or copies it where there is no norm.</summary>
    public static void Apply(TransformerConfig config, Norm? norm, float* x, float* y)
    {
        if (norm is null) new ReadOnlySpan<float>(x, config.HiddenSize).CopyTo(new Span<float>(y, config.HiddenSize));
        else if (config.Norm == NormKind.Layer) LayerNorm.Apply(x, norm.Weight.Pointer, norm.Bias is { } bias ? bias.Pointer : null, config.HiddenSize, config.NormEpsilon, y);
        else RmsNorm.Apply(x, norm.Weight.Pointer, config.HiddenSize, config.NormEpsilon, y);
    }
}
