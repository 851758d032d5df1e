using System.Runtime.Intrinsics;

namespace Percheron.Formats.Blocks;

/// <summary>32 signed bytes and one half-precision scale: 8.5 bits per weight.</summary>
/// <remarks>Layout: scale (2 bytes), quants (32).</remarks>
internal static class Q8_0
{
    private const int Elements = 32, Bytes = 34;

    public static void Decode(ReadOnlySpan<byte> source, Span<float> destination)
    {
        for (; destination.Length > 0; source = source[Bytes..], destination = destination[Elements..])
        {
            float scale = Lanes.Half(source, 0);
            Lanes.Scaled(Lanes.Load(source, 2).AsSByte(), scale, destination);
            Lanes.Scaled(Lanes.Load(source, 18).AsSByte(), scale, destination[16..]);
        }
    }

    /// <summary>The largest magnitude becomes ±127; halves round away from zero, as other writers of this format do, so files agree byte for byte.</summary>
    public static void Encode(ReadOnlySpan<float> source, Span<byte> destination)
    {
        for (; source.Length > 0; source = source[Elements..], destination = destination[Bytes..])
        {
            float largest = 0;
            for (int i = 0; i < Elements; i++) largest = Math.Max(largest, Math.Abs(source[i]));
            float scale = largest / 127;
            float inverse = scale != 0 ? 1 / scale : 0;
            Lanes.WriteHalf(destination, 0, scale);
            for (int i = 0; i < Elements; i++)
                destination[2 + i] = (byte)(sbyte)MathF.Round(source[i] * inverse, MidpointRounding.AwayFromZero);
        }
    }
}
