using System.Runtime.Intrinsics;

namespace Percheron.Formats.Blocks;

/// <summary>256 four-bit quants in eight sub-blocks of 32, each with a six-bit scale and minimum: 4.5 bits per weight.</summary>
/// <remarks>Layout: scale of scales (2 bytes), scale of minima (2), <see cref="SixBitScales"/> (12), quants (128): 32 bytes hold one sub-block in their low and the next in their high halves. Value = quant × scale − minimum.</remarks>
internal static class Q4_K
{
    private const int Elements = 256, Bytes = 144;

    public static void Decode(ReadOnlySpan<byte> source, Span<float> destination)
    {
        Vector128<byte> mask = Vector128.Create((byte)15);
        for (; destination.Length > 0; source = source[Bytes..], destination = destination[Elements..])
        {
            float scale = Lanes.Half(source, 0), minimum = Lanes.Half(source, 2);
            for (int pair = 0; pair < 4; pair++)
            {
                (int lowScale, int lowMinimum) = SixBitScales.Unpack(source.Slice(4, 12), 2 * pair);
                (int highScale, int highMinimum) = SixBitScales.Unpack(source.Slice(4, 12), 2 * pair + 1);
                for (int at = 0; at < 32; at += 16)
                {
                    Vector128<byte> packed = Lanes.Load(source, 16 + 32 * pair + at);
                    Lanes.Affine(packed & mask, scale * lowScale, -(minimum * lowMinimum), destination[(64 * pair + at)..]);
                    Lanes.Affine(packed >> 4, scale * highScale, -(minimum * highMinimum), destination[(64 * pair + 32 + at)..]);
                }
            }
        }
    }
}
