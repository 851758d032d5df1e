using Percheron.Kernels;

namespace Percheron.Models.Stages;

/// <summary>Normalizes what leaves the last layer: as hidden state where it is wanted, and as input of the vocabulary projection in the order of the logits.</summary>
internal sealed unsafe class OutputNormStage(ForwardState state, int layerCount) : IWork
{
    private Norm? _norm;

    public void Run(ThreadTeam team, Norm? norm, ActivationKinds kinds)
    {
        _norm = norm;
        state.Input.Begin(state.Rows.LogitCount, state.Config.HiddenSize, kinds);
        state.RunRows(team, this);
    }

    public void Execute(int part, int parts, int thread)
    {
        (int from, int to) = Share.Of(state.Count, part, parts);
        for (int row = from; row < to; row++)
        {
            ref RowEntry entry = ref state.Rows[row];
            float* target = entry.Logit >= 0 ? state.Input.Single(entry.Logit) : state.Product + (long)row * state.Config.HiddenSize;
            NormalizeStage.Apply(state.Config, _norm, state.Residual(row), target);
            if (entry.Logit >= 0) state.Input.Quantize(entry.Logit);
            int feature = entry.Owner.Features.IndexOf(layerCount + 1);
            if (feature >= 0) new ReadOnlySpan<float>(target, state.Config.HiddenSize).CopyTo(entry.Owner.FeatureBuffer(entry.Row, feature));
        }
    }
}
