using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Percheron.Kernels.Native;

namespace Percheron.Kernels;

/// <summary>Matrix product of bfloat16 weights, packed once when they are loaded, with <see cref="ActivationsBF16"/>.</summary>
/// <remarks>
/// Packed, sixteen rows are a group: 64 bytes for every two columns, one pair of a row after the other; as many bytes as stored where rows are a multiple of 16 and columns one of
/// 8. Weights below 2⁻⁵⁰ are zero here (<see cref="ActivationsBF16"/> says why).
/// </remarks>
public static unsafe class ProductBF16
{
    /// <summary>Bytes of a packed matrix; rows are padded to a multiple of 16, columns to one of 8.</summary>
    public static long PackedBytes(int outputs, int columns) => (outputs + 15L) / 16 * GroupBytes(columns);

    /// <summary>Packs rows as GGUF stores them.</summary>
    /// <param name="stored">[outputs, columns], contiguous, of any alignment.</param>
    /// <param name="outputs">Rows.</param>
    /// <param name="columns">Any positive number.</param>
    /// <param name="packed"><see cref="PackedBytes"/> bytes, best aligned to 64; what is not there becomes zeros.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack(byte* stored, int outputs, int columns, byte* packed)
    {
        long group = GroupBytes(columns), row = 2L * columns;
        for (int o = 0; o < outputs; o += 16, stored += 16 * row, packed += group)
        {
            int rows = Math.Min(16, outputs - o);
            if (rows < 16 || columns % 8 > 0) new Span<byte>(packed, checked((int)group)).Clear();
            for (nint from = 0; from < columns / 2; from += 16)
            {
                // A cache line of each row at a time: sixteen of the packed ones take it up.
                nint to = Math.Min(from + 16, columns / 2);
                for (int r = 0; r < rows; r++)
                {
                    uint* source = (uint*)(stored + (r * row)), target = (uint*)packed + r;
                    for (nint c = from; c < to; c++) target[16 * c] = source[c];
                }
                for (nint c = from; c < to; c++) DropTiny(packed + (64 * c));
            }
            if (columns % 2 == 0) continue;
            for (int r = 0; r < rows; r++) ((uint*)packed)[(columns / 2 * 16) + r] = ((ushort*)(stored + (r * row)))[columns - 1];
            DropTiny(packed + (64L * (columns / 2)));
        }
    }

    /// <summary>y[t, o] = Σ w[o, ·] x[t, ·] for the rows t of <paramref name="x"/> [n, columns] and the outputs o in [from, to).</summary>
    /// <param name="packed">A packed matrix.</param>
    /// <param name="x">Rows of <see cref="ActivationsBF16.RowBytes"/> bytes each, contiguous.</param>
    /// <param name="n">Activation rows.</param>
    /// <param name="columns">Any positive number.</param>
    /// <param name="from">First output to compute.</param>
    /// <param name="to">One past the last, at most the number of rows packed.</param>
    /// <param name="y">[n, yStride]; only outputs in [from, to) are written.</param>
    /// <param name="yStride">Floats from one row of y to the next.</param>
    public static void Multiply(byte* packed, byte* x, int n, int columns, int from, int to, float* y, int yStride)
    {
        if (InstructionSet.Active == InstructionLevel.Avx512 && InstructionSet.Native && BrainNative.IsAvailable)
        {
            BrainNative.Multiply(packed, GroupBytes(columns), x, n, columns, from, to, y, yStride);
            return;
        }
        GroupProduct p = new()
        {
            Packed = packed, GroupBytes = GroupBytes(columns), Inputs = x, InputRowBytes = ActivationsBF16.RowBytes(columns),
            Columns = columns, Outputs = y, OutputStride = yStride,
        };
        switch (InstructionSet.Active)
        {
            case InstructionLevel.Avx512: GroupDriver.Run<BrainTile<Lanes512>>(in p, n, from, to); break;
            case InstructionLevel.Avx2: GroupDriver.Run<BrainTile<Lanes256>>(in p, n, from, to); break;
            case InstructionLevel.AdvSimd: GroupDriver.Run<BrainTile<Lanes128>>(in p, n, from, to); break;
            default: GroupDriver.Run<BrainTile<LanesScalar>>(in p, n, from, to); break;
        }
    }

    private static long GroupBytes(int columns) => 32L * ActivationsBF16.Padded(columns);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void DropTiny(byte* pairs)
    {
        Vector512<short> values = Vector512.Load((short*)pairs);
        Vector512<short> kept = Vector512.GreaterThanOrEqual(values & Vector512.Create((short)0x7FFF), Vector512.Create((short)(ActivationsBF16.Least >> 16)));
        (values & kept).Store((short*)pairs);
    }
}
