using Percheron.Codecs.Images;
using Percheron.Training.Nets;
using Percheron.Training.Pictures;
using Percheron.Training.Runs;
using static TorchSharp.torch;

namespace Percheron.Training.Objectives;

/// <summary>
/// What a picture codec is to do: pictures that went through codes look as before. Vectors and codebook lie on the unit sphere; gradients pass the choice of a code straight through.
/// Source: van den Oord et al., "Neural Discrete Representation Learning" (2017), equation 3; unit vectors: Yu et al., "Vector-quantized Image Modeling with Improved VQGAN" (2022), section 3.2.
/// </summary>
/// <remarks>
/// Codes that nothing chose are drawn towards the vector that comes nearest to them: a term of the loss instead of a count of uses, so that a checkpoint of the parameters is the whole run.
/// </remarks>
public sealed class PictureCodes : IObjective<StackNet>
{
    private const float Commitment = 0.25f, Revival = 0.1f, Edges = 1f, Squares = 2f;

    /// <summary>The codebook as it is used and exported: every vector of length 1 [count, vector].</summary>
    public static Tensor Unit(Tensor codebook) => codebook / codebook.square().sum(1, keepdim: true).sqrt().clamp_min(1e-12);

    /// <inheritdoc/>
    public Tensor Loss(StackNet net, Batch batch)
    {
        const int Side = PictureCodecShape.Side;
        Tensor x = batch.Rows.to(ScalarType.Float32).view(-1, Side, Side, 3).permute(0, 3, 1, 2).div(127.5f).sub(1f);
        Tensor made = net.Forward(VqCodec.Encoder, x);
        Tensor vectors = made.permute(0, 2, 3, 1).reshape(-1, made.shape[1]), codebook = Unit(net.Tensors[VqCodec.Codebook]);
        Tensor alike = vectors.detach().mm(codebook.t()), chosen = alike.detach().argmax(1), codes = codebook.index_select(0, chosen);
        // Half the squared distance of unit vectors is one minus their product.
        Tensor codebookLoss = alike.gather(1, chosen.unsqueeze(1)).mean().neg().add(1f), commitment = (vectors * codes.detach()).sum(1).mean().neg().add(1f);
        Tensor revival = alike.amax([0]).mean().neg().add(1f);
        Tensor through = vectors + (codes - vectors).detach();
        Tensor y = net.Forward(VqCodec.Decoder, through.view(made.shape[0], made.shape[2], made.shape[3], -1).permute(0, 3, 1, 2));
        return Picture(x, y) + codebookLoss + (commitment * Commitment) + (revival * Revival);
    }

    /// <summary>How far a picture [batch, 3, height, width] is from what it should be: pixels, squared too, and steps from each pixel to its neighbours.</summary>
    private static Tensor Picture(Tensor x, Tensor y)
    {
        Tensor difference = y - x;
        long last = x.shape[2] - 1;
        Tensor down = (difference.narrow(2, 1, last) - difference.narrow(2, 0, last)).abs().mean(), across = (difference.narrow(3, 1, last) - difference.narrow(3, 0, last)).abs().mean();
        return difference.abs().mean() + (difference.square().mean() * Squares) + ((down + across) * Edges);
    }
}
