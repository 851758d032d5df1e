using System.Runtime.Intrinsics;

namespace Percheron.Formats.Blocks;

/// <summary>32 five-bit quants with half-precision scale and minimum: 6 bits per weight.</summary>
/// <remarks>Layout: scale (2 bytes), minimum (2), fifth bits (4), low four bits (16) packed as in <see cref="Q4_0"/>; value = quant × scale + minimum.</remarks>
internal static class Q5_1
{
    private const int Elements = 32, Bytes = 24;

    public static void Decode(ReadOnlySpan<byte> source, Span<float> destination)
    {
        for (; destination.Length > 0; source = source[Bytes..], destination = destination[Elements..])
        {
            float scale = Lanes.Half(source, 0), minimum = Lanes.Half(source, 2);
            Vector128<byte> packed = Lanes.Load(source, 8);
            Lanes.Affine(packed & Vector128.Create((byte)15) | FifthBits.Spread(source, 4), scale, minimum, destination);
            Lanes.Affine(packed >> 4 | FifthBits.Spread(source, 6), scale, minimum, destination[16..]);
        }
    }
}
