using System.Runtime.CompilerServices;

namespace Percheron.Kernels;

/// <summary>
/// <see cref="Gelu.Tanh"/> with argument and result rounded to binary16: what the engines that GPT-2 files are read with compute, from a table of all
/// binary16 values. Without the rounding the logits of a small model differ from theirs in the third decimal.
/// </summary>
public static unsafe class HalfGelu
{
    private const int Chunk = 256;

    /// <summary>From here on the function is its argument, which then is not rounded.</summary>
    private const float Linear = 10f;

    /// <summary>y[i] = GELU of x[i]; y may be x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tanh(float* x, float* y, int count)
    {
        Half* rounded = stackalloc Half[Chunk];
        float* wide = stackalloc float[Chunk];
        for (int at = 0; at < count; at += Chunk)
        {
            int length = Math.Min(Chunk, count - at);
            Round(new ReadOnlySpan<float>(x + at, length), new Span<Half>(rounded, length), new Span<float>(wide, length));
            Gelu.Tanh(wide, wide, length);
            Round(new ReadOnlySpan<float>(wide, length), new Span<Half>(rounded, length), new Span<float>(wide, length));
            for (int i = 0; i < length; i++)
            {
                float value = x[at + i];
                y[at + i] = value >= Linear ? value : value <= -Linear ? 0 : wide[i];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(ReadOnlySpan<float> values, Span<Half> rounded, Span<float> target)
    {
        HalfConversion.ToHalf(values, rounded);
        HalfConversion.ToSingle(rounded, target);
    }
}
