using Percheron.Training.Nets;
using Percheron.Training.Runs;
using static TorchSharp.torch;

namespace Percheron.Training.Objectives;

/// <summary>Medusa-1: the cross-entropy of every head, weighted λ^k, with a frozen target; with soft targets it is the self-distillation of the same paper.</summary>
/// <remarks>Source: Cai et al. 2024, arXiv 2401.10774, §2.2.1 and §2.3.2.</remarks>
/// <param name="decay">λ.</param>
/// <param name="soft">Share of the target's law beside the tokens of the text, 0 to 1.</param>
public sealed class Medusa1(double decay, double soft) : IObjective<GuessNet>
{
    /// <inheritdoc/>
    public Tensor Loss(GuessNet net, Batch batch)
    {
        Tensor? law = GuessLoss.Law(net.Target, batch, soft);
        Tensor total = zeros(1);
        double weight = 1, sum = 0;
        int guess = 0;
        foreach (Tensor logits in net.Logits(batch.State(net.Target.LastState), batch.Rows))
        {
            total = total + (weight * GuessLoss.Of(logits, batch, guess++, law, soft));
            sum += weight;
            weight *= decay;
        }
        return (total / sum).squeeze();
    }
}
