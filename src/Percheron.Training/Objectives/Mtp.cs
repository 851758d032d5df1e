using Percheron.Training.Nets;
using Percheron.Training.Runs;
using static TorchSharp.torch;
using Divergence = Percheron.Training.Distillation.Divergence;

namespace Percheron.Training.Objectives;

/// <summary>Multi-token prediction: the module is used again and again, each time on the state it made, and every guess is to be the token of the text, or have the target's law.</summary>
/// <remarks>Source: DeepSeek-V3, arXiv 2412.19437, §2.2 (loss on tokens); FastMTP, arXiv 2509.18362 (one module used K times, weights that fall with depth, text of the target's own).</remarks>
/// <param name="steps">How often.</param>
/// <param name="divergence">From the target's law to the guess, where laws count.</param>
/// <param name="tokens">Whether the text's tokens count; else the target's law, which is their expectation over text of the target's own.</param>
public sealed class Mtp(int steps, bool tokens, Divergence divergence) : IObjective<EagleNet>
{
    private const double Decay = 0.6;

    /// <inheritdoc/>
    public Tensor Loss(EagleNet net, Batch batch)
    {
        Tensor read = batch.State(net.Target.LastState), sum = zeros(1);
        Tensor? law = tokens ? null : net.Target.Law(read.view(-1, net.Shape.Width));
        // The guess behind the last token of a document is none of it.
        Tensor ends = batch.Documents.narrow(1, 0, batch.Time).eq(batch.Documents.narrow(1, 1, batch.Time)).to(ScalarType.Float32).reshape(-1);
        var unrolling = new FeatureUnrolling(net, batch);
        double weight = 1, weights = 0;
        for (int step = 0; step < steps; step++)
        {
            read = unrolling.Next(unrolling.Behind(read));
            Tensor logits = net.Logits(read.view(-1, net.Shape.Width)).to(ScalarType.Float32);
            Tensor worse = law is not null ? divergence.PerRow(law, nn.functional.log_softmax(logits, -1)) : nn.functional.cross_entropy(logits, batch.Targets, reduction: nn.Reduction.None);
            sum = sum + (weight * Laws.Mean(worse, law is null ? unrolling.Counts() * ends : unrolling.Counts()));
            weights += weight;
            weight *= Decay;
        }
        return sum.sum() / weights;
    }
}
