using System.Numerics.Tensors;

namespace Percheron.Codecs.Speech;

/// <summary>A linear map of a coded frame and its two neighbours to the frame itself: takes back part of the jumps between codes that stand side by side.</summary>
/// <remarks>Before the first and after the last frame stands that frame once more.</remarks>
/// <param name="width">Numbers of a frame.</param>
/// <param name="weights">[width, 3 × width]: row by row what each number takes of the frame before, the frame and the frame behind; kept, not copied.</param>
/// <param name="bias">[width]; kept, not copied.</param>
public sealed class FrameDecoder(int width, float[] weights, float[] bias)
{
    private readonly float[] _weights = weights.Length == 3L * width * width ? weights : throw new ArgumentException($"{weights.Length} weights are not those of frames of {width}", nameof(weights));
    private readonly float[] _bias = bias.Length == width ? bias : throw new ArgumentException($"{bias.Length} numbers are not {width}", nameof(bias));

    /// <summary>The map's weights, [width, 3 × width].</summary>
    public ReadOnlyMemory<float> Weights => _weights;

    /// <summary>What is added, [width].</summary>
    public ReadOnlyMemory<float> Bias => _bias;

    /// <summary>Maps frames [frames, width] to frames of the same shape.</summary>
    public float[] Map(ReadOnlySpan<float> frames)
    {
        int count = frames.Length / width;
        float[] mapped = new float[frames.Length], around = new float[3 * width];
        for (int t = 0; t < count; t++)
        {
            Around(frames, width, t, around);
            for (int i = 0; i < width; i++) mapped[(t * width) + i] = _bias[i] + TensorPrimitives.Dot(around, _weights.AsSpan(i * 3 * width, 3 * width));
        }
        return mapped;
    }

    /// <summary>Writes what a row of the weights meets: the frame before, the frame, the frame behind.</summary>
    /// <param name="frames">[frames, width]</param>
    /// <param name="width">Numbers of a frame.</param>
    /// <param name="t">Which frame.</param>
    /// <param name="around">[3 × width]</param>
    public static void Around(ReadOnlySpan<float> frames, int width, int t, Span<float> around)
    {
        int last = (frames.Length / width) - 1;
        for (int k = -1; k <= 1; k++) frames.Slice(Math.Clamp(t + k, 0, last) * width, width).CopyTo(around[((k + 1) * width)..]);
    }
}
