using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Percheron.Formats.Blocks;

/// <summary>The upper half of IEEE single precision; encoding rounds to the nearest, ties to even, and keeps NaN a NaN.</summary>
internal static class BF16
{
    public static void Decode(ReadOnlySpan<byte> source, Span<float> destination)
    {
        ReadOnlySpan<ushort> halves = MemoryMarshal.Cast<byte, ushort>(source);
        Span<uint> bits = MemoryMarshal.Cast<float, uint>(destination);
        int i = 0;
        for (; i <= halves.Length - 16; i += 16)
        {
            (Vector256<uint> low, Vector256<uint> high) = Vector256.Widen(Vector256.Create(halves.Slice(i, 16)));
            (low << 16).CopyTo(bits[i..]);
            (high << 16).CopyTo(bits[(i + 8)..]);
        }
        for (; i < halves.Length; i++) bits[i] = (uint)halves[i] << 16;
    }

    public static void Encode(ReadOnlySpan<float> source, Span<byte> destination)
    {
        ReadOnlySpan<uint> bits = MemoryMarshal.Cast<float, uint>(source);
        Span<ushort> halves = MemoryMarshal.Cast<byte, ushort>(destination);
        for (int i = 0; i < bits.Length; i++) halves[i] = Round(bits[i]);
    }

    private static ushort Round(uint bits)
    {
        // A NaN whose payload lies in the lost half would become an infinity: set the quiet bit.
        if ((bits & 0x7fff_ffff) > 0x7f80_0000) return (ushort)(bits >> 16 | 0x40);
        return (ushort)((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
    }
}
