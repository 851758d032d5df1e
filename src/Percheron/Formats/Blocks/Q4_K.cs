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

    /// <summary>Fits each sub-block (<see cref="AffineFit"/>), then rounds the scales and minima to six bits, trying the neighbours of each.</summary>
    public static void Encode(ReadOnlySpan<float> source, Span<byte> destination)
    {
        for (; source.Length > 0; source = source[Elements..], destination = destination[Bytes..])
            EncodeBlock(source[..Elements], destination[..Bytes]);
    }

    private static void EncodeBlock(ReadOnlySpan<float> source, Span<byte> block)
    {
        Span<float> importance = stackalloc float[Elements];
        Span<float> scales = stackalloc float[8], minima = stackalloc float[8];
        for (int i = 0; i < 8; i++)
        {
            AffineFit.Importance(source.Slice(32 * i, 32), importance.Slice(32 * i, 32));
            (scales[i], minima[i]) = AffineFit.Search(source.Slice(32 * i, 32), importance.Slice(32 * i, 32));
        }
        float scale = Lanes.WriteCoveringHalf(block, 0, Largest(scales) / 63);
        float minimum = Lanes.WriteCoveringHalf(block, 2, Largest(minima) / 63);
        Span<byte> scaleBits = stackalloc byte[8], minimumBits = stackalloc byte[8], quants = stackalloc byte[Elements];
        for (int i = 0; i < 8; i++)
        {
            ReadOnlySpan<float> x = source.Slice(32 * i, 32), w = importance.Slice(32 * i, 32);
            (scaleBits[i], minimumBits[i]) = Nearest(x, w, Steps(scales[i], scale), Steps(minima[i], minimum), (scale, minimum));
            AffineFit.Quantize(x, scale * scaleBits[i], minimum * minimumBits[i], quants[(32 * i)..]);
        }
        SixBitScales.Pack(scaleBits, minimumBits, block.Slice(4, 12));
        for (int pair = 0; pair < 4; pair++)
            for (int i = 0; i < 32; i++)
                block[16 + 32 * pair + i] = (byte)(quants[64 * pair + i] | quants[64 * pair + 32 + i] << 4);
    }

    /// <summary>The six-bit scale and minimum with the least error among the nearest and their neighbours.</summary>
    private static (byte Scale, byte Minimum) Nearest(ReadOnlySpan<float> x, ReadOnlySpan<float> w, int scale, int minimum, (float Scale, float Minimum) unit)
    {
        (byte, byte) best = default;
        float least = float.PositiveInfinity;
        for (int s = Math.Max(scale - 1, 0); s <= Math.Min(scale + 1, 63); s++)
        {
            for (int m = Math.Max(minimum - 1, 0); m <= Math.Min(minimum + 1, 63); m++)
            {
                float error = AffineFit.Error(x, w, unit.Scale * s, unit.Minimum * m);
                if (error < least) (least, best) = (error, ((byte)s, (byte)m));
            }
        }
        return best;
    }

    private static int Steps(float value, float unit) => unit > 0 ? (int)Math.Min(MathF.Round(value / unit), 63) : 0;

    private static float Largest(ReadOnlySpan<float> values)
    {
        float largest = 0;
        foreach (float value in values) largest = Math.Max(largest, value);
        return largest;
    }
}
