using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Percheron.Kernels;

/// <summary>
/// Matrix products of weights that were packed once, when they were loaded, in groups of eight rows: a chunk of weights loaded once serves several activation rows, and
/// there is one scale step for eight outputs and no horizontal sum. Packed weights take as many bytes as stored ones.
/// </summary>
public static unsafe class PackedProduct
{
    /// <summary>Activation rows that stay in the first-level cache while the weights pass by.</summary>
    private const int Rows = 32;

    /// <summary>Bytes of a packed Q8_0 matrix; rows are padded to a multiple of 16.</summary>
    public static long BytesQ8_0(int outputs, int columns) => Bytes<PackedQ8_0>(outputs, columns);

    /// <summary>Bytes of a packed Q4_0 matrix; rows are padded to a multiple of 16.</summary>
    public static long BytesQ4_0(int outputs, int columns) => Bytes<PackedQ4_0>(outputs, columns);

    /// <summary>Packs Q8_0 rows as GGUF stores them into <paramref name="packed"/>, which is zeroed and <see cref="BytesQ8_0"/> long.</summary>
    public static void PackQ8_0(byte* stored, int outputs, int columns, byte* packed) => Pack<PackedQ8_0>(stored, outputs, columns, packed);

    /// <summary>Packs Q4_0 rows as GGUF stores them into <paramref name="packed"/>, which is zeroed and <see cref="BytesQ4_0"/> long.</summary>
    public static void PackQ4_0(byte* stored, int outputs, int columns, byte* packed) => Pack<PackedQ4_0>(stored, outputs, columns, packed);

    /// <summary>y[t, o] = Σ w[o, ·] x[t, ·] for the rows t of <paramref name="x"/> and the outputs o in [from, to).</summary>
    /// <param name="packed">A packed matrix.</param>
    /// <param name="x">Rows of <see cref="ActivationsQ8.RowBytes"/> bytes each, contiguous.</param>
    /// <param name="n">Activation rows.</param>
    /// <param name="columns">A multiple of 32.</param>
    /// <param name="from">First output to compute.</param>
    /// <param name="to">One past the last, at most the number of rows packed.</param>
    /// <param name="y">[n, yStride]; only outputs in [from, to) are written.</param>
    /// <param name="yStride">Floats from one row of y to the next.</param>
    public static void MultiplyQ8_0(byte* packed, byte* x, int n, int columns, int from, int to, float* y, int yStride) =>
        Multiply<PackedQ8_0>(packed, x, n, columns, from, to, y, yStride);

    /// <inheritdoc cref="MultiplyQ8_0"/>
    public static void MultiplyQ4_0(byte* packed, byte* x, int n, int columns, int from, int to, float* y, int yStride) =>
        Multiply<PackedQ4_0>(packed, x, n, columns, from, to, y, yStride);

    private static long Bytes<TBlock>(int outputs, int columns)
        where TBlock : struct, IPackedBlock => (outputs + 15L) / 16 * 2 * (columns / 32) * TBlock.Bytes;

    private static void Pack<TBlock>(byte* stored, int outputs, int columns, byte* packed)
        where TBlock : struct, IPackedBlock
    {
        int blocks = columns / 32, quants = TBlock.StoredQuants;
        for (int o = 0; o < outputs; o++)
        {
            byte* group = packed + (o / 8 * (long)blocks * TBlock.Bytes);
            for (int b = 0; b < blocks; b++, stored += 2 + quants)
            {
                byte* block = group + ((long)b * TBlock.Bytes);
                ((ushort*)block)[o % 8] = *(ushort*)stored;
                for (int i = 0; i < quants; i++) block[16 + (i / 4 * 32) + (o % 8 * 4) + (i % 4)] = (byte)(stored[2 + i] ^ TBlock.Flip);
            }
        }
    }

    private static void Multiply<TBlock>(byte* packed, byte* x, int n, int columns, int from, int to, float* y, int yStride)
        where TBlock : struct, IPackedBlock
    {
        switch (InstructionSet.Active)
        {
            case InstructionLevel.Avx512 or InstructionLevel.Avx2 when InstructionSet.Vnni: Run<TBlock, PackedDotVnni>(packed, x, n, columns, from, to, y, yStride); break;
            case InstructionLevel.Avx512 or InstructionLevel.Avx2: Run<TBlock, PackedDotAvx2>(packed, x, n, columns, from, to, y, yStride); break;
            default: Run<TBlock, PackedDotPortable>(packed, x, n, columns, from, to, y, yStride); break;
        }
    }

    // Groups go in pairs; a matrix whose last pair is half a pair is padded, so that every output has one tile shape.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TBlock, TDot>(byte* packed, byte* x, int n, int columns, int from, int to, float* y, int yStride)
        where TBlock : struct, IPackedBlock
        where TDot : struct, IPackedDot
    {
        Vector256<float>* results = stackalloc Vector256<float>[8];
        long group = (long)(columns / 32) * TBlock.Bytes, row = ActivationsQ8.RowBytes(columns);
        for (int first = 0; first < n; first += Rows)
        {
            int end = Math.Min(n, first + Rows);
            for (int o = from & ~15; o < to; o += 16)
            {
                byte* w0 = packed + (o / 8 * group), w1 = w0 + group;
                for (int t = first; t < end;)
                {
                    int rows = Math.Min(4, end - t);
                    byte* at = x + (t * row);
                    if (rows == 4) PackedTile<TBlock, TDot>.TwoByFour(w0, w1, at, row, columns, results);
                    else if (rows == 3) PackedTile<TBlock, TDot>.TwoByThree(w0, w1, at, row, columns, results);
                    else if (rows == 2) PackedTile<TBlock, TDot>.TwoByTwo(w0, w1, at, row, columns, results);
                    else PackedTile<TBlock, TDot>.TwoByOne(w0, w1, at, columns, results);
                    Store(results, rows, o, from, to, y + ((long)t * yStride), yStride);
                    t += rows;
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<float>* results, int rows, int o, int from, int to, float* y, int yStride)
    {
        for (int t = 0; t < rows; t++, y += yStride, results += 2)
        {
            if (o >= from && o + 16 <= to)
            {
                results[0].Store(y + o);
                results[1].Store(y + o + 8);
                continue;
            }
            float* values = (float*)results;
            for (int i = Math.Max(from, o); i < Math.Min(to, o + 16); i++) y[i] = values[i - o];
        }
    }
}
