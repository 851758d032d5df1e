using Percheron.Training.Nets;
using Percheron.Training.Runs;
using static TorchSharp.torch;

namespace Percheron.Training.Objectives;

/// <summary>BiTA: mask tokens learn the target's own law at the places they stand for, those of the true text; the target is frozen. Without prompt tokens.</summary>
/// <remarks>Source: Lin et al. 2024, arXiv 2401.12522, §3.1. The paper tunes on answers of the target itself; here its law is distilled along the documents.</remarks>
public sealed class BitaMasks : IObjective<ExtraNet>
{
    /// <inheritdoc/>
    public Tensor Loss(ExtraNet net, Batch batch)
    {
        Tensor windows = LookAheadWindows.Of(batch);
        long seen = windows.shape[1] - 1 - net.Count;
        Tensor draft = nn.functional.log_softmax(net.Logits(windows.narrow(1, 0, seen)).to(ScalarType.Float32), -1);
        Tensor law = net.Law(windows.narrow(1, 0, seen + net.Count)).narrow(1, seen, net.Count);
        return (law.exp() * draft).sum(-1).mean().neg();
    }
}
