using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Percheron.Kernels;

/// <summary>
/// One activation row quantized to signed bytes in blocks of 32 columns, each with its own scale, so rows never see each other.
/// </summary>
/// <remarks>
/// A row is [quants: columns, padded with zeros to a multiple of 64][scales: one float per block, padded with a zero to an even number][starts: one int per
/// block, −128 times the sum of its quants, padded likewise: what takes the offset of unsigned weights out of an integer product]. A block that holds a NaN or an infinity has the scale NaN, so it reaches every output.
/// </remarks>
public static unsafe class ActivationsQ8
{
    private const int Block = 32;

    /// <summary>Bytes of one quantized row of <paramref name="columns"/> (a multiple of 32); a multiple of 8.</summary>
    public static int RowBytes(int columns) => StartsAt(columns) + ((columns + 63) / 64 * 2 * sizeof(int));

    /// <summary>Quantizes one row: scale = max |x| ÷ 127 shortened to 11 bits, values rounded to nearest, ties to even, into [−127, 127].</summary>
    public static void Quantize(float* x, int columns, byte* q) => Quantize(x, columns, 0, columns, q);

    /// <summary>Quantizes the columns [from, to) of a row, both multiples of 32; the same bits as in the whole row.</summary>
    public static void Quantize(float* x, int columns, int from, int to, byte* q)
    {
        switch (InstructionSet.Active)
        {
            case InstructionLevel.Avx512: Run<Lanes512>(x, columns, from, to, q); break;
            case InstructionLevel.Avx2: Run<Lanes256>(x, columns, from, to, q); break;
            case InstructionLevel.AdvSimd: Run<Lanes128>(x, columns, from, to, q); break;
            default: Run<LanesScalar>(x, columns, from, to, q); break;
        }
    }

    internal static int ScalesAt(int columns) => (columns + 63) & ~63;

    internal static int StartsAt(int columns) => ScalesAt(columns) + ((columns + 63) / 64 * 2 * sizeof(float));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TLanes>(float* x, int columns, int from, int to, byte* q)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        float* scales = (float*)(q + ScalesAt(columns));
        int* starts = (int*)(q + StartsAt(columns));
        for (int c = from; c < to; c += Block)
        {
            TLanes a = TLanes.Load(x + c), b = TLanes.Load(x + c + 16);
            scales[c / Block] = QuantizationScale.Shortened(QuantizationScale.Of(TLanes.MaxLane(TLanes.MaxBits(TLanes.Abs(a), TLanes.Abs(b))), out float inverse));
            TLanes factor = TLanes.Broadcast(inverse);
            TLanes.StoreRoundedBytes(TLanes.Multiply(a, factor), (sbyte*)q + c);
            TLanes.StoreRoundedBytes(TLanes.Multiply(b, factor), (sbyte*)q + c + 16);
            (Vector256<short> lower, Vector256<short> upper) = Vector256.Widen(Vector256.Load((sbyte*)q + c));
            starts[c / Block] = -128 * Vector256.Sum(lower + upper);
        }
        if (columns % 64 == 0 || to < columns) return;
        Unsafe.InitBlockUnaligned(q + columns, 0, Block);
        (scales[columns / Block], starts[columns / Block]) = (0, 0);
    }
}
