using Percheron.Training.Nets;
using static TorchSharp.torch;

namespace Percheron.Training.Objectives;

/// <summary>DSpark: a little cross-entropy, mostly the distance of the laws, which is what acceptance falls by, and a confidence that learns how often a guess is accepted.</summary>
/// <remarks>Source: DSpark, arXiv 2607.05147: 0.1 · CE + 0.9 · ‖q − p‖₁ + BCE(c, 1 − ½‖q − p‖₁).</remarks>
public sealed class Dspark(int blocks, double decay) : BlockDraft(blocks, decay)
{
    private const double Entropy = 0.1, Distance = 0.9;

    /// <inheritdoc/>
    protected override Tensor Each(BlockNet net, Tensor guesses, Tensor before, Tensor law)
    {
        Tensor draft = nn.functional.log_softmax(net.Logits(guesses, before), -1), p = law.exp();
        Tensor distance = (draft.exp() - p).abs().sum(-1), accepted = 1 - (0.5 * distance.detach());
        Tensor trust = nn.functional.binary_cross_entropy_with_logits(net.Confidences(guesses, before), accepted, reduction: nn.Reduction.None);
        return (Entropy * -(p * draft).sum(-1)) + (Distance * distance) + trust;
    }
}
