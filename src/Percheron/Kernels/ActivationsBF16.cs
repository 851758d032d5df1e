using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Percheron.Kernels;

/// <summary>One activation row rounded to bfloat16, for bfloat16 weights.</summary>
/// <remarks>
/// A row is [floats: columns, padded with zeros to a multiple of 8][the same as bfloat16][64 bytes], so that rows whose columns are a power of two do not all fall on the same
/// lines of a cache. Magnitudes below 2⁻⁵⁰ become zero, as in the packed weights: every product and every sum is then zero or a normal number, and instructions that take
/// subnormal numbers for zero give the same bits as those that do not.
/// </remarks>
public static unsafe class ActivationsBF16
{
    /// <summary>Bits of 2⁻⁵⁰ as a float.</summary>
    internal const uint Least = (127 - 50) << 23;

    private const uint Infinity = 0x7F800000, Upper = 0xFFFF0000;

    /// <summary>Bytes of one row of <paramref name="columns"/>; a multiple of 16.</summary>
    public static int RowBytes(int columns) => checked((6 * Padded(columns)) + 64);

    /// <summary>Rounds one row to nearest, ties to even; infinities and NaN stay what they are.</summary>
    public static void Quantize(float* x, int columns, byte* q) => Quantize(x, columns, 0, columns, q);

    /// <summary>Rounds the columns [from, to) of a row; <paramref name="from"/> is a multiple of 8, <paramref name="to"/> too unless it is the last.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Quantize(float* x, int columns, int from, int to, byte* q)
    {
        uint* floats = (uint*)q;
        ushort* pairs = (ushort*)(q + PairsAt(columns));
        int c = from;
        for (; c + 8 <= to; c += 8)
        {
            Vector256<uint> rounded = Round(Vector256.Load((uint*)x + c));
            rounded.Store(floats + c);
            Vector128.Narrow((rounded >>> 16).GetLower(), (rounded >>> 16).GetUpper()).Store(pairs + c);
        }
        if (c == to) return;
        for (int end = Padded(columns); c < end; c++)
        {
            floats[c] = c < to ? Round(Vector256.Create(((uint*)x)[c]))[0] : 0;
            pairs[c] = (ushort)(floats[c] >> 16);
        }
    }

    /// <summary>Columns of a row with what is padded.</summary>
    internal static int Padded(int columns) => (columns + 7) & ~7;

    /// <summary>Where the bfloat16 values begin.</summary>
    internal static int PairsAt(int columns) => 4 * Padded(columns);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Round(Vector256<uint> bits)
    {
        Vector256<uint> magnitude = bits & Vector256.Create(0x7FFFFFFFu), odd = (bits >>> 16) & Vector256<uint>.One;
        Vector256<uint> rounded = Vector256.ConditionalSelect(
            Vector256.GreaterThan(magnitude.AsInt32(), Vector256.Create((int)Infinity)).AsUInt32(), bits | Vector256.Create(0x400000u), bits + Vector256.Create(0x7FFFu) + odd);
        return rounded & Vector256.Create(Upper) & Vector256.GreaterThanOrEqual(magnitude.AsInt32(), Vector256.Create((int)Least)).AsUInt32();
    }
}
