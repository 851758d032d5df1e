using Percheron.Training.Corpus;
using Percheron.Training.Nets;
using Percheron.Training.Runs;
using static TorchSharp.torch;

namespace Percheron.Training.Objectives;

/// <summary>Blockwise parallel decoding: every pass trains one head, drawn evenly, and a measurement takes the mean of all.</summary>
/// <remarks>Source: Stern et al. 2018, arXiv 1811.03115, §6 (one sub-loss for each minibatch); with the target's law in place of the text, its §6.1.</remarks>
/// <param name="soft">Share of the target's law beside the tokens of the text, 0 to 1.</param>
public sealed class BlockwiseGuesses(double soft) : IObjective<BlockwiseNet>
{
    private readonly Medusa1 _all = new(1, soft);

    /// <inheritdoc/>
    public Tensor Loss(BlockwiseNet net, Batch batch)
    {
        if (batch.Key is not ulong key) return _all.Loss(net, batch);
        int head = (int)(SplitMix.Next(ref key) % (ulong)net.Guesses);
        return GuessLoss.Of(net.Logits(batch.State(net.Target.LastState), head), batch, head, GuessLoss.Law(net.Target, batch, soft), soft);
    }
}
