using System.Runtime.Intrinsics;

namespace Percheron.Formats.Blocks;

/// <summary>256 six-bit quants around 32 in sixteen sub-blocks of 16, each with a signed byte scale: 6.5625 bits per weight.</summary>
/// <remarks>
/// Layout: low four bits (128 bytes), upper two bits (64), scales (16), scale of scales (2). Each half of 128 elements takes 64 low and 32 upper bytes:
/// quarter q (32 elements) has its low bits in bytes 32 × (q mod 2) onwards, low halves for q below 2, and its upper bits at bit 2q of the upper bytes.
/// </remarks>
internal static class Q6_K
{
    private const int Elements = 256, Bytes = 210, Upper = 128, Scales = 192, Scale = 208;

    public static void Decode(ReadOnlySpan<byte> source, Span<float> destination)
    {
        Vector128<byte> four = Vector128.Create((byte)15), two = Vector128.Create((byte)3);
        Vector128<sbyte> middle = Vector128.Create((sbyte)32);
        for (; destination.Length > 0; source = source[Bytes..], destination = destination[Elements..])
        {
            float scale = Lanes.Half(source, Scale);
            for (int subBlock = 0; subBlock < 16; subBlock++)
            {
                int half = subBlock / 8, quarter = subBlock % 8 / 2, at = subBlock % 2 * 16;
                Vector128<byte> low = Lanes.Load(source, 64 * half + 32 * (quarter % 2) + at) >> 4 * (quarter / 2) & four;
                Vector128<byte> upper = Lanes.Load(source, Upper + 32 * half + at) >> 2 * quarter & two;
                Lanes.Scaled((low | upper << 4).AsSByte() - middle, scale * (sbyte)source[Scales + subBlock], destination[(16 * subBlock)..]);
            }
        }
    }

    /// <summary>Fits each sub-block (<see cref="SymmetricFit"/>), then rounds the scales to signed bytes, trying the neighbours of each.</summary>
    public static void Encode(ReadOnlySpan<float> source, Span<byte> destination)
    {
        for (; source.Length > 0; source = source[Elements..], destination = destination[Bytes..])
            EncodeBlock(source[..Elements], destination[..Bytes]);
    }

    private static void EncodeBlock(ReadOnlySpan<float> source, Span<byte> block)
    {
        block.Clear();
        Span<float> importance = stackalloc float[Elements];
        Span<float> scales = stackalloc float[16];
        float extreme = 0;
        for (int i = 0; i < 16; i++)
        {
            AffineFit.Importance(source.Slice(16 * i, 16), importance.Slice(16 * i, 16));
            scales[i] = SymmetricFit.Search(source.Slice(16 * i, 16), importance.Slice(16 * i, 16));
            if (Math.Abs(scales[i]) > Math.Abs(extreme)) extreme = scales[i];
        }
        // The extreme scale takes −128, the side that has one value more.
        float scale = Lanes.WriteCoveringHalf(block, Scale, extreme / -128);
        if (scale == 0) return;
        Span<byte> quants = stackalloc byte[16];
        for (int i = 0; i < 16; i++)
        {
            ReadOnlySpan<float> x = source.Slice(16 * i, 16);
            sbyte bits = Nearest(x, importance.Slice(16 * i, 16), (int)Math.Clamp(MathF.Round(scales[i] / scale), -128, 127), scale);
            block[Scales + i] = (byte)bits;
            SymmetricFit.Quantize(x, scale * bits, quants);
            Pack(quants, i, block);
        }
    }

    private static sbyte Nearest(ReadOnlySpan<float> x, ReadOnlySpan<float> w, int steps, float unit)
    {
        sbyte best = 0;
        float least = float.PositiveInfinity;
        for (int s = Math.Max(steps - 1, -128); s <= Math.Min(steps + 1, 127); s++)
        {
            float error = SymmetricFit.Error(x, w, unit * s);
            if (error < least) (least, best) = (error, (sbyte)s);
        }
        return best;
    }

    private static void Pack(ReadOnlySpan<byte> quants, int subBlock, Span<byte> block)
    {
        int half = subBlock / 8, quarter = subBlock % 8 / 2, at = subBlock % 2 * 16;
        Span<byte> low = block[(64 * half + 32 * (quarter % 2) + at)..], upper = block[(Upper + 32 * half + at)..];
        for (int i = 0; i < 16; i++)
        {
            low[i] |= (byte)((quants[i] & 15) << 4 * (quarter / 2));
            upper[i] |= (byte)(quants[i] >> 4 << 2 * quarter);
        }
    }
}
