using Percheron.Training.Corpus;
using Percheron.Training.Nets;
using Percheron.Training.Runs;
using static TorchSharp.torch;

namespace Percheron.Training.Objectives;

/// <summary>
/// LayerSkip: the target itself learns to be left early. Layers are dropped at a rate that rises with depth, and every pass adds the losses of some of the exits, all by the shared norm and projection.
/// </summary>
/// <remarks>
/// Source: Elhoushi et al. 2024, arXiv 2404.16710, §4.1 and §4.2. The curriculum rotates: each pass every <paramref name="rotation"/>-th exit, in turn by the pass's key. A pass drops a layer for all of its rows.
/// </remarks>
/// <param name="dropout">The rate at the last layer.</param>
/// <param name="scale">Weight of exits: exit behind layer l counts scale · (1 + … + l), the last layer's output layers − 1 more.</param>
/// <param name="rotation">One exit in so many is trained in a pass.</param>
public sealed class LayerSkip(double dropout, double scale, int rotation) : IObjective<LlamaNet>
{
    /// <inheritdoc/>
    public Tensor Loss(LlamaNet net, Batch batch)
    {
        int layers = net.Shape.Layers;
        ulong state = batch.Key ?? 0;
        ulong turn = SplitMix.Next(ref state);
        Tensor mask = batch.Mask(net.Compute), x = net.Embed(batch.Inputs), total = zeros(1);
        double weights = 0;
        for (int layer = 1; layer <= layers; layer++)
        {
            double rate = dropout * (Math.Pow(2, (layer - 1.0) / Math.Max(layers - 1, 1)) - 1), draw = (SplitMix.Next(ref state) >> 11) * (1.0 / (1UL << 53));
            if (batch.Key is null || draw >= rate) x = net.Stream(x, batch.Count, batch.Time, layer - 1, layer, mask);
            bool last = layer == layers;
            if (!last && batch.Key is not null && ((ulong)layer + turn) % (ulong)rotation != 0) continue;
            double weight = (scale * layer * (layer + 1) / 2) + (last ? layers - 1 : 0);
            total = total + (weight * nn.functional.cross_entropy(net.Logits(net.Norm(x, "output_norm")).to(ScalarType.Float32), batch.Targets));
            weights += weight;
        }
        return (total / weights).squeeze();
    }
}
