using Percheron.Training.Nets;
using Percheron.Training.Runs;
using static TorchSharp.torch;

namespace Percheron.Training.Objectives;

/// <summary>EESD: the layer at the exit learns the target's law and the tokens of the text together.</summary>
/// <remarks>Source: Liu et al. 2024, arXiv 2406.03853, §3.2 (self-distillation). The text is the documents', not the target's own.</remarks>
/// <param name="soft">Share of the target's law; the rest is the token that came.</param>
public sealed class EesdDistillation(double soft) : IObjective<ExitNet>
{
    /// <inheritdoc/>
    public Tensor Loss(ExitNet net, Batch batch)
    {
        Tensor draft = nn.functional.log_softmax(net.Logits(batch.State(net.Exit), batch.Mask(net.Compute)).to(ScalarType.Float32), -1);
        Tensor law = (net.Target.Law(batch.State(net.Target.LastState)).exp() * draft).sum(-1).mean();
        Tensor came = draft.view(-1, draft.shape[2]).gather(1, batch.Targets.unsqueeze(1)).mean();
        return (soft * law + ((1 - soft) * came)).neg();
    }
}
