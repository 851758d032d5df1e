using Percheron.Training.Nets;
using static TorchSharp.torch;

namespace Percheron.Training.Objectives;

/// <summary>DFlash: cross-entropy of every guess of a block, from the target's law at its place.</summary>
/// <remarks>Source: DFlash, arXiv 2602.06036. The paper takes the tokens of answers that the target gave; its laws on the same text say more about each of them.</remarks>
public sealed class Dflash(int blocks, double decay) : BlockDraft(blocks, decay)
{
    /// <inheritdoc/>
    protected override Tensor Each(BlockNet net, Tensor guesses, Tensor before, Tensor law) =>
        -(law.exp() * nn.functional.log_softmax(net.Logits(guesses, before), -1)).sum(-1);
}
