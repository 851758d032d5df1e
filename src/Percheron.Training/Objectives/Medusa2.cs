using Percheron.Training.Nets;
using Percheron.Training.Runs;
using static TorchSharp.torch;

namespace Percheron.Training.Objectives;

/// <summary>Medusa-2: the target goes on learning the text while its heads learn to look ahead, L = L_LM + λ₀ Σ λ^k L_k.</summary>
/// <remarks>Source: Cai et al. 2024, arXiv 2401.10774, §2.2.2. Heads should be trained alone first: fresh ones would spoil the target.</remarks>
/// <param name="heads">λ₀.</param>
/// <param name="decay">λ.</param>
public sealed class Medusa2(double heads, double decay) : IObjective<MedusaTargetNet>
{
    /// <inheritdoc/>
    public Tensor Loss(MedusaTargetNet net, Batch batch)
    {
        Tensor hidden = net.Hidden(batch.Inputs, batch.Mask(net.Compute));
        Tensor total = nn.functional.cross_entropy(net.Logits(hidden, -1).to(ScalarType.Float32).flatten(0, 1), batch.Targets);
        double weight = heads;
        for (int head = 0; head < net.Guesses; head++)
        {
            Tensor logits = net.Logits(hidden.narrow(1, 0, batch.Time - 1 - head), head);
            total = total + (weight * GuessLoss.Of(logits, batch, head));
            weight *= decay;
        }
        return total;
    }
}
