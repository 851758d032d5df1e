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
}
