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

    /// <summary>The weight of largest magnitude becomes quant 0 (−8 of the scale), the others round half up: as other writers of this format do, so files agree byte for byte.</summary>
    public static void Encode(ReadOnlySpan<float> source, Span<byte> destination)
    {
        for (; source.Length > 0; source = source[Elements..], destination = destination[Bytes..])
        {
            float extreme = 0;
            for (int i = 0; i < Elements; i++) if (Math.Abs(source[i]) > Math.Abs(extreme)) extreme = source[i];
            float scale = extreme / -8;
            float inverse = scale != 0 ? 1 / scale : 0;
            Lanes.WriteHalf(destination, 0, scale);
            for (int i = 0; i < 16; i++)
                destination[2 + i] = (byte)(Quant(source[i], inverse) | Quant(source[i + 16], inverse) << 4);
        }
    }

    private static int Quant(float value, float inverse) => Math.Clamp((int)(value * inverse + 8.5f), 0, 15);
}
