using Percheron.Training.Nets;
using Percheron.Training.Runs;
using static TorchSharp.torch;

namespace Percheron.Training.Objectives;

/// <summary>HASS: EAGLE's objective, with more weight on the tokens that the target holds most probable, and over several passes in which the network reads its own states as it will when it drafts.</summary>
/// <remarks>Source: HASS, arXiv 2408.15766, §3.1 (harmonized objective distillation), §3.2 (context alignment).</remarks>
/// <param name="steps">Passes; the first reads the target's states.</param>
/// <param name="top">Tokens that count more.</param>
/// <param name="weight">How much more.</param>
public sealed class Hass(int steps, int top, double weight) : IObjective<EagleNet>
{
    /// <inheritdoc/>
    public Tensor Loss(EagleNet net, Batch batch)
    {
        Tensor state = batch.State(net.Target.LastState), law = net.Target.Law(state.view(-1, net.Shape.Width)), read = Eagle.Shaken(state, batch.Key);
        (Tensor best, Tensor tokens) = law.topk(Math.Min(top, (int)law.shape[1]));
        var unrolling = new FeatureUnrolling(net, batch);
        Tensor sum = zeros(1);
        for (int step = 0; step < steps; step++)
        {
            Tensor made = unrolling.Next(unrolling.Behind(read));
            Tensor guess = nn.functional.log_softmax(net.Logits(made.view(-1, net.Shape.Width)).to(ScalarType.Float32), -1);
            Tensor ranked = -(best.exp() * guess.gather(1, tokens)).sum(-1);
            sum = sum + Laws.Mean(Eagle.PerRow(net, made, state, law) + (weight * ranked), unrolling.Counts());
            // Every pass is trained for itself: what it reads is given.
            read = made.detach();
        }
        return sum.sum() / steps;
    }
}
