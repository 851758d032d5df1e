namespace Percheron.Kernels;

/// <summary>The scale of a block from its largest magnitude.</summary>
internal static unsafe class QuantizationScale
{
    /// <summary>Below this the inverse would overflow; such a block is zero to any product it enters.</summary>
    private const float Smallest = 1e-34f;

    /// <summary>Scale for the largest of 16 magnitudes, compared as bits so that NaN is the largest of all; <paramref name="inverse"/> multiplies the values.</summary>
    public static float Of(float* magnitudes, out float inverse)
    {
        int* bits = (int*)magnitudes;
        int most = bits[0];
        for (int i = 1; i < 16; i++) most = Math.Max(most, bits[i]);
        float largest = BitConverter.Int32BitsToSingle(most);
        inverse = 0;
        if (!float.IsFinite(largest)) return float.NaN;
        if (largest < Smallest) return 0;
        inverse = 127f / largest;
        return largest / 127f;
    }
}
