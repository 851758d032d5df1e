namespace Percheron.Kernels;

/// <summary>The scale of a block from its largest magnitude.</summary>
internal static class QuantizationScale
{
    /// <summary>Below this the inverse would overflow; such a block is zero to any product it enters.</summary>
    private const float Smallest = 1e-34f;

    /// <summary>Scale for the largest magnitude, which is NaN if any is; <paramref name="inverse"/> multiplies the values.</summary>
    public static float Of(float largest, out float inverse)
    {
        inverse = 0;
        if (!float.IsFinite(largest)) return float.NaN;
        if (largest < Smallest) return 0;
        inverse = 127f / largest;
        return largest / 127f;
    }

    /// <summary>
    /// A scale with the 11 significant bits of binary16, but the range of float. Engines that store these scales as binary16 round the same way, so that
    /// models of 32-weight blocks give the logits people know them by.
    /// </summary>
    public static float Shortened(float scale)
    {
        if (float.IsNaN(scale)) return scale;
        uint bits = BitConverter.SingleToUInt32Bits(scale);
        return BitConverter.UInt32BitsToSingle((bits + 0xFFF + ((bits >> 13) & 1)) & ~0x1FFFu);
    }
}
