using Percheron.Evaluation.Pictures;
using Percheron.Training.Nets;
using Percheron.Training.Pictures;
using Percheron.Training.Runs;
using static TorchSharp.torch;

namespace Percheron.Training.Objectives;

/// <summary>What a feature net is to do: say of every attribute of a scene whether it is there (<see cref="SceneAttributes"/>).</summary>
public sealed class SceneLabels : IObjective<StackNet>
{
    // Attributes that are there are few: they count as much more as there are more of the others.
    private const float Rare = 8;

    /// <inheritdoc/>
    public Tensor Loss(StackNet net, Batch batch)
    {
        Tensor wanted = SceneRows.KnownOf(batch).to(ScalarType.Float32), logits = Logits(net, batch);
        return nn.functional.binary_cross_entropy_with_logits(logits, wanted, pos_weights: tensor(Rare));
    }

    /// <summary>The share of scenes of which everything is said rightly.</summary>
    public static double Accuracy(StackNet net, Batch batch)
    {
        using IDisposable fixedValues = no_grad();
        using var scope = NewDisposeScope();
        return Logits(net, batch).gt(0).eq(SceneRows.KnownOf(batch).gt(0)).all(1).to(ScalarType.Float32).mean().item<float>();
    }

    private static Tensor Logits(StackNet net, Batch batch) => net.Forward(PictureTowers.Attributes, net.Forward(StackFeatures.Network, SceneRows.PicturesOf(batch))).flatten(1);
}
