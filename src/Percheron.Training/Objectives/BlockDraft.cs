using Percheron.Training.Nets;
using Percheron.Training.Runs;
using static TorchSharp.torch;

namespace Percheron.Training.Objectives;

/// <summary>What objectives of block drafts share: blocks at random places, and a guess counts for less the further it is.</summary>
/// <remarks>Sources: DFlash, arXiv 2602.06036 (anchors, weights e^(−(k−1)/γ)); DSpark, arXiv 2607.05147.</remarks>
/// <param name="blocks">Blocks in each row.</param>
/// <param name="decay">γ, in guesses.</param>
public abstract class BlockDraft(int blocks, double decay) : IObjective<BlockNet>
{
    /// <inheritdoc/>
    public Tensor Loss(BlockNet net, Batch batch)
    {
        BlockPlaces places = BlockPlaces.In(batch, net.Plan, blocks, net.Compute);
        Tensor guesses = net.Guesses(cat([.. net.Plan.States.Select(batch.State)], 2), places), before = places.Before(batch);
        Tensor state = batch.State(net.Target.LastState).view(-1, net.Plan.Shape.Width).index_select(0, places.Foretold.reshape(-1));
        Tensor law = net.Target.Law(state).view(places.Count, net.Plan.Guesses, -1);
        Tensor weights = (arange(net.Plan.Guesses, ScalarType.Float32) / -decay).exp() * places.Counts;
        return (Each(net, guesses, before, law) * weights).sum() / weights.sum().clamp(min: 1e-6);
    }

    /// <summary>The loss of every guess, FP32 [blocks, guesses].</summary>
    /// <param name="net">The network.</param>
    /// <param name="guesses">States of the guesses.</param>
    /// <param name="before">Tokens before them, int64 [blocks, guesses].</param>
    /// <param name="law">The target's log-probabilities [blocks, guesses, vocab].</param>
    protected abstract Tensor Each(BlockNet net, Tensor guesses, Tensor before, Tensor law);
}
