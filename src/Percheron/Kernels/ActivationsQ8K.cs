using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Percheron.Kernels;

/// <summary>One activation row quantized to signed bytes in blocks of 256 columns, for the K types, so rows never see each other.</summary>
/// <remarks>
/// A row is [quants: columns][sums of 16 quants: columns / 16 shorts][sums of 32: columns / 32 shorts][scales: one float per block, padded to 8 bytes]. A block that holds a NaN or an
/// infinity has the scale NaN, so it reaches every output.
/// </remarks>
public static unsafe class ActivationsQ8K
{
    private const int Block = 256;

    /// <summary>Bytes of one quantized row of <paramref name="columns"/> (a multiple of 256); a multiple of 8.</summary>
    public static int RowBytes(int columns) => ScalesAt(columns) + ((columns / Block * sizeof(float)) + 7 & ~7);

    /// <summary>Quantizes one row: scale = max |x| ÷ 127, values rounded to nearest, ties to even, into [−127, 127].</summary>
    public static void Quantize(float* x, int columns, byte* q)
    {
        switch (InstructionSet.Active)
        {
            case InstructionLevel.Avx512: Run<Lanes512>(x, columns, q); break;
            case InstructionLevel.Avx2: Run<Lanes256>(x, columns, q); break;
            case InstructionLevel.AdvSimd: Run<Lanes128>(x, columns, q); break;
            default: Run<LanesScalar>(x, columns, q); break;
        }
    }

    internal static int SumsAt(int columns) => columns;

    internal static int WideSumsAt(int columns) => SumsAt(columns) + (columns / 16 * sizeof(short));

    internal static int ScalesAt(int columns) => WideSumsAt(columns) + (columns / 32 * sizeof(short));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TLanes>(float* x, int columns, byte* q)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        float* scales = (float*)(q + ScalesAt(columns));
        short* sums = (short*)(q + SumsAt(columns)), wide = (short*)(q + WideSumsAt(columns));
        for (int c = 0; c < columns; c += Block)
        {
            TLanes most = TLanes.Zero;
            for (int i = c; i < c + Block; i += 16) most = TLanes.MaxBits(most, TLanes.Abs(TLanes.Load(x + i)));
            scales[c / Block] = QuantizationScale.Of(TLanes.MaxLane(most), out float inverse);
            TLanes factor = TLanes.Broadcast(inverse);
            for (int i = c; i < c + Block; i += 16)
            {
                TLanes.StoreRoundedBytes(TLanes.Multiply(TLanes.Load(x + i), factor), (sbyte*)q + i);
                (Vector128<short> lower, Vector128<short> upper) = Vector128.Widen(Vector128.Load((sbyte*)q + i));
                sums[i / 16] = Vector128.Sum(lower + upper);
            }
            for (int i = c; i < c + Block; i += 32) wide[i / 32] = (short)(sums[i / 16] + sums[(i / 16) + 1]);
        }
    }
}
