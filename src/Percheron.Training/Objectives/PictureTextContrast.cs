using Percheron.Evaluation.Pictures;
using Percheron.Training.Nets;
using Percheron.Training.Pictures;
using Percheron.Training.Runs;
using static TorchSharp.torch;

namespace Percheron.Training.Objectives;

/// <summary>
/// What two towers are to do: of all captions of a batch each picture finds its own, and each caption its picture.
/// Source: Radford et al., "Learning Transferable Visual Models From Natural Language Supervision" (2021), figure 3.
/// </summary>
public sealed class PictureTextContrast : IObjective<StackNet>
{
    // A fixed inverse temperature: learned ones end near it, and cosines keep their meaning from run to run.
    private const float Sharpness = 16;

    /// <inheritdoc/>
    public Tensor Loss(StackNet net, Batch batch)
    {
        Tensor alike = Cosines(net, batch).mul(Sharpness), own = arange(batch.Count, ScalarType.Int64);
        return (nn.functional.cross_entropy(alike, own) + nn.functional.cross_entropy(alike.t(), own)).div(2f);
    }

    /// <summary>The share of pictures that find their own caption among those of the batch, captions that say the same in the same words counting as one.</summary>
    public static double Found(StackNet net, Batch batch)
    {
        using IDisposable fixedValues = no_grad();
        using var scope = NewDisposeScope();
        Tensor words = SceneRows.KnownOf(batch), best = Cosines(net, batch).argmax(1);
        return words.index_select(0, best).eq(words).all(1).to(ScalarType.Float32).mean().item<float>();
    }

    // [pictures, captions].
    private static Tensor Cosines(StackNet net, Batch batch)
    {
        Tensor seen = net.Forward(StackPictureText.PictureNetwork, SceneRows.PicturesOf(batch)).flatten(1), read = net.Forward(StackPictureText.TextNetwork, SceneRows.KnownOf(batch).to(ScalarType.Int64)).flatten(1);
        return seen.mm(read.t());
    }
}
