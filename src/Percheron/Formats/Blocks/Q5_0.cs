using System.Runtime.Intrinsics;

namespace Percheron.Formats.Blocks;

/// <summary>32 five-bit quants around 16 and one half-precision scale: 5.5 bits per weight.</summary>
/// <remarks>Layout: scale (2 bytes), fifth bits (4), low four bits (16) packed as in <see cref="Q4_0"/>.</remarks>
internal static class Q5_0
{
    private const int Elements = 32, Bytes = 22;

    public static void Decode(ReadOnlySpan<byte> source, Span<float> destination)
    {
        Vector128<sbyte> middle = Vector128.Create((sbyte)16);
        for (; destination.Length > 0; source = source[Bytes..], destination = destination[Elements..])
        {
            float scale = Lanes.Half(source, 0);
            Vector128<byte> packed = Lanes.Load(source, 6);
            Vector128<byte> low = packed & Vector128.Create((byte)15) | FifthBits.Spread(source, 2);
            Vector128<byte> high = packed >> 4 | FifthBits.Spread(source, 4);
            Lanes.Scaled(low.AsSByte() - middle, scale, destination);
            Lanes.Scaled(high.AsSByte() - middle, scale, destination[16..]);
        }
    }
}
