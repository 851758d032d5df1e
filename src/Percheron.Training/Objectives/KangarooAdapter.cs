using Percheron.Training.Nets;
using Percheron.Training.Runs;
using static TorchSharp.torch;

namespace Percheron.Training.Objectives;

/// <summary>Kangaroo: the cross-entropy of the adapter's law with the target's at every position.</summary>
/// <remarks>Source: Liu et al. 2024, arXiv 2404.18911, §3.1.</remarks>
public sealed class KangarooAdapter : IObjective<ExitNet>
{
    /// <inheritdoc/>
    public Tensor Loss(ExitNet net, Batch batch)
    {
        Tensor draft = nn.functional.log_softmax(net.Logits(batch.State(net.Exit), batch.Mask(net.Compute)).to(ScalarType.Float32), -1);
        return (net.Target.Law(batch.State(net.Target.LastState)).exp() * draft).sum(-1).mean().neg();
    }
}
