using System.Runtime.Intrinsics;

namespace Percheron.Formats.Blocks;

/// <summary>32 four-bit quants around 8 and one half-precision scale: 4.5 bits per weight.</summary>
/// <remarks>Layout: scale (2 bytes), quants (16): byte i holds element i in its low and element i + 16 in its high half.</remarks>
internal static class Q4_0
{
    private const int Elements = 32, Bytes = 18;

    public static void Decode(ReadOnlySpan<byte> source, Span<float> destination)
    {
        Vector128<sbyte> middle = Vector128.Create((sbyte)8);
        for (; destination.Length > 0; source = source[Bytes..], destination = destination[Elements..])
        {
            float scale = Lanes.Half(source, 0);
            Vector128<byte> packed = Lanes.Load(source, 2);
            Lanes.Scaled((packed & Vector128.Create((byte)15)).AsSByte() - middle, scale, destination);
            Lanes.Scaled((packed >> 4).AsSByte() - middle, scale, destination[16..]);
        }
    }

}
