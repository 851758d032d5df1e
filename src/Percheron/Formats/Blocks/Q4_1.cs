using System.Runtime.Intrinsics;

namespace Percheron.Formats.Blocks;

/// <summary>32 four-bit quants with half-precision scale and minimum: 5 bits per weight.</summary>
/// <remarks>Layout: scale (2 bytes), minimum (2), quants (16) packed as in <see cref="Q4_0"/>; value = quant × scale + minimum.</remarks>
internal static class Q4_1
{
    private const int Elements = 32, Bytes = 20;

    public static void Decode(ReadOnlySpan<byte> source, Span<float> destination)
    {
        for (; destination.Length > 0; source = source[Bytes..], destination = destination[Elements..])
        {
            float scale = Lanes.Half(source, 0), minimum = Lanes.Half(source, 2);
            Vector128<byte> packed = Lanes.Load(source, 4);
            Lanes.Affine(packed & Vector128.Create((byte)15), scale, minimum, destination);
            Lanes.Affine(packed >> 4, scale, minimum, destination[16..]);
        }
    }
}
