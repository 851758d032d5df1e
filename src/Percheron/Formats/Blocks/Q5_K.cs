using System.Runtime.Intrinsics;

namespace Percheron.Formats.Blocks;

/// <summary>256 five-bit quants in eight sub-blocks of 32, each with a six-bit scale and minimum: 5.5 bits per weight.</summary>
/// <remarks>Layout: scale of scales (2 bytes), scale of minima (2), <see cref="SixBitScales"/> (12), fifth bits (32): bit s of byte i belongs to element i of sub-block s; low four bits (128) as in <see cref="Q4_K"/>.</remarks>
internal static class Q5_K
{
    private const int Elements = 256, Bytes = 176;

    public static void Decode(ReadOnlySpan<byte> source, Span<float> destination)
    {
        Vector128<byte> mask = Vector128.Create((byte)15), sixteen = Vector128.Create((byte)16);
        for (; destination.Length > 0; source = source[Bytes..], destination = destination[Elements..])
        {
            float scale = Lanes.Half(source, 0), minimum = Lanes.Half(source, 2);
            for (int pair = 0; pair < 4; pair++)
            {
                (int lowScale, int lowMinimum) = SixBitScales.Unpack(source.Slice(4, 12), 2 * pair);
                (int highScale, int highMinimum) = SixBitScales.Unpack(source.Slice(4, 12), 2 * pair + 1);
                for (int at = 0; at < 32; at += 16)
                {
                    Vector128<byte> packed = Lanes.Load(source, 48 + 32 * pair + at);
                    Vector128<byte> fifth = Lanes.Load(source, 16 + at) >> 2 * pair;
                    Vector128<byte> low = packed & mask | fifth << 4 & sixteen;
                    Vector128<byte> high = packed >> 4 | fifth << 3 & sixteen;
                    Lanes.Affine(low, scale * lowScale, -(minimum * lowMinimum), destination[(64 * pair + at)..]);
                    Lanes.Affine(high, scale * highScale, -(minimum * highMinimum), destination[(64 * pair + 32 + at)..]);
                }
            }
        }
    }
}
