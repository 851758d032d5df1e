namespace Percheron.Formats.Blocks;

/// <summary>Eight six-bit scales and eight six-bit minima in twelve bytes, as <see cref="Q4_K"/> and <see cref="Q5_K"/> store them.</summary>
/// <remarks>Bytes 0-3 and 4-7: scale and minimum of sub-blocks 0-3 in the low six bits; bytes 8-11: low four bits of scale and minimum of sub-blocks 4-7, whose upper two bits are the top bits of bytes 0-3 and 4-7.</remarks>
internal static class SixBitScales
{
    public static (int Scale, int Minimum) Unpack(ReadOnlySpan<byte> packed, int subBlock) => subBlock < 4
        ? (packed[subBlock] & 63, packed[subBlock + 4] & 63)
        : (packed[subBlock + 4] & 15 | packed[subBlock - 4] >> 6 << 4, packed[subBlock + 4] >> 4 | packed[subBlock] >> 6 << 4);

    /// <summary>Writes all twelve bytes from eight scales and eight minima of 0 to 63.</summary>
    public static void Pack(ReadOnlySpan<byte> scales, ReadOnlySpan<byte> minima, Span<byte> packed)
    {
        for (int i = 0; i < 4; i++)
        {
            packed[i] = (byte)(scales[i] | scales[i + 4] >> 4 << 6);
            packed[i + 4] = (byte)(minima[i] | minima[i + 4] >> 4 << 6);
            packed[i + 8] = (byte)(scales[i + 4] & 15 | (minima[i + 4] & 15) << 4);
        }
    }
}
