using Percheron.Training.Nets;
using Percheron.Training.Runs;
using static TorchSharp.torch;

namespace Percheron.Training.Objectives;

/// <summary>EAGLE: the state made is to be the target's, and its law the target's law; the states read are shaken, so that the network learns to go on with its own.</summary>
/// <remarks>Source: EAGLE, arXiv 2401.15077, §4.2: smooth L1 plus 0.1 times cross-entropy; uniform noise of ±0.1 at 512 positions.</remarks>
public sealed class Eagle : IObjective<EagleNet>
{
    private const double LawWeight = 0.1, NoiseAt512 = 0.1;

    /// <inheritdoc/>
    public Tensor Loss(EagleNet net, Batch batch)
    {
        Tensor state = batch.State(net.Target.LastState);
        var unrolling = new FeatureUnrolling(net, batch);
        Tensor made = unrolling.Next(unrolling.Behind(Shaken(state, batch.Key)));
        return Laws.Mean(PerRow(net, made, state, net.Target.Law(state.view(-1, net.Shape.Width))), unrolling.Counts());
    }

    /// <summary>What each row [batch · time] is worse than the target by, in its state and in its law.</summary>
    internal static Tensor PerRow(EagleNet net, Tensor made, Tensor state, Tensor law)
    {
        Tensor apart = nn.functional.smooth_l1_loss(made, state, reduction: nn.Reduction.None).mean([-1]).reshape(-1);
        return apart + (LawWeight * Laws.CrossEntropy(law, net.Logits(made.view(-1, net.Shape.Width))));
    }

    /// <summary>States with uniform noise that depends on the key alone; none without a key.</summary>
    internal static Tensor Shaken(Tensor state, ulong? key)
    {
        if (key is not { } seed) return state;
        using var generator = new Generator(seed);
        double width = NoiseAt512 * 512 / state.shape[1];
        return state + ((rand(state.shape, generator: generator) - 0.5) * (2 * width));
    }
}
