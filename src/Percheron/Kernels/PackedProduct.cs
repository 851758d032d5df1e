using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Percheron.Kernels.Native;

namespace Percheron.Kernels;

/// <summary>
/// Matrix products of weights that were packed once, when they were loaded, in groups of sixteen rows (<see cref="IPackedBlock"/>): a chunk of weights loaded once serves several
/// activation rows, and there is no horizontal sum. Packed weights take as many bytes as stored ones, where the columns are a multiple of 64. They are best aligned to 64 bytes.
/// </summary>
public static unsafe class PackedProduct
{
    /// <summary>Activation rows that stay in the first-level cache while the weights pass by.</summary>
    private const int Rows = 32;

    /// <summary>Bytes of a packed Q8_0 matrix; rows are padded to a multiple of 16, columns to one of 64.</summary>
    public static long BytesQ8_0(int outputs, int columns) => Bytes<PackedQ8_0>(outputs, columns);

    /// <summary>Bytes of a packed Q4_0 matrix; rows are padded to a multiple of 16, columns to one of 64.</summary>
    public static long BytesQ4_0(int outputs, int columns) => Bytes<PackedQ4_0>(outputs, columns);

    /// <summary>Packs Q8_0 rows as GGUF stores them into <paramref name="packed"/>, which is <see cref="BytesQ8_0"/> long.</summary>
    public static void PackQ8_0(byte* stored, int outputs, int columns, byte* packed) => Pack<PackedQ8_0>(stored, outputs, columns, packed);

    /// <summary>Packs Q4_0 rows as GGUF stores them into <paramref name="packed"/>, which is <see cref="BytesQ4_0"/> long.</summary>
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
        where TBlock : struct, IPackedBlock => (outputs + 15L) / 16 * GroupBytes<TBlock>(columns);

    private static long GroupBytes<TBlock>(int columns)
        where TBlock : struct, IPackedBlock => (columns + 63L) / 64 * ((2 * TBlock.QuantBytes) + 64);

    // What is padded is written too: zero scales of rows and blocks that are not there.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pack<TBlock>(byte* stored, int outputs, int columns, byte* packed)
        where TBlock : struct, IPackedBlock
    {
        int blocks = columns / 32, quants = TBlock.QuantBytes / 16;
        long row = (long)blocks * (2 + quants);
        for (int o = 0; o < outputs; o += 16, stored += 16 * row)
        {
            int rows = Math.Min(16, outputs - o);
            for (int b = 0; b < blocks; b += 2, packed += (2 * TBlock.QuantBytes) + 64)
            {
                if (rows < 16 || b + 1 == blocks) new Span<byte>(packed, (2 * TBlock.QuantBytes) + 64).Clear();
                for (int h = 0; h < 2 && b + h < blocks; h++)
                {
                    byte* block = stored + ((b + h) * (2L + quants));
                    uint* target = (uint*)(packed + (h * TBlock.QuantBytes));
                    ushort* scales = (ushort*)(packed + (2 * TBlock.QuantBytes) + (h * 32));
                    for (int r = 0; r < rows; r++, block += row)
                    {
                        scales[r] = *(ushort*)block;
                        for (int c = 0; c < quants / 4; c++) target[(c * 16) + r] = ((uint*)(block + 2))[c] ^ TBlock.Flip;
                    }
                }
            }
        }
    }

    private static void Multiply<TBlock>(byte* packed, byte* x, int n, int columns, int from, int to, float* y, int yStride)
        where TBlock : struct, IPackedBlock
    {
        switch (InstructionSet.Active)
        {
            case InstructionLevel.Avx512 when InstructionSet.Native && PackedNative.IsAvailable:
                PackedNative.Multiply(TBlock.StartShift != 0, packed, GroupBytes<TBlock>(columns), x, n, columns, from, to, y, yStride);
                break;
            case InstructionLevel.Avx512 or InstructionLevel.Avx2 when InstructionSet.Vnni: Run<TBlock, PackedDotVnni>(packed, x, n, columns, from, to, y, yStride); break;
            case InstructionLevel.Avx512 or InstructionLevel.Avx2: Run<TBlock, PackedDotAvx2>(packed, x, n, columns, from, to, y, yStride); break;
            default: Run<TBlock, PackedDotPortable>(packed, x, n, columns, from, to, y, yStride); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TBlock, TDot>(byte* packed, byte* x, int n, int columns, int from, int to, float* y, int yStride)
        where TBlock : struct, IPackedBlock
        where TDot : struct, IPackedDot
    {
        Vector256<float>* results = stackalloc Vector256<float>[8];
        long group = GroupBytes<TBlock>(columns), row = ActivationsQ8.RowBytes(columns);
        for (int first = 0; first < n; first += Rows)
        {
            int end = Math.Min(n, first + Rows);
            for (int o = from & ~15; o < to; o += 16)
            {
                byte* w = packed + (o / 16 * group);
                for (int t = first; t < end;)
                {
                    int rows = Math.Min(4, end - t);
                    byte* at = x + (t * row);
                    if (rows == 4) PackedTile<TBlock, TDot>.ByFour(w, at, row, columns, results);
                    else if (rows == 3) PackedTile<TBlock, TDot>.ByThree(w, at, row, columns, results);
                    else if (rows == 2) PackedTile<TBlock, TDot>.ByTwo(w, at, row, columns, results);
                    else PackedTile<TBlock, TDot>.ByOne(w, at, columns, results);
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
