using System.Runtime.CompilerServices;

namespace Percheron.Kernels;

/// <summary>What the tiles of super-blocks share.</summary>
internal static unsafe class SuperBlock
{
    /// <summary>Activation rows whose sums, with what they are made from, fit thirty-two registers of sixteen lanes, or as many narrower ones.</summary>
    public static int MaxRows<TLanes>()
        where TLanes : unmanaged, ILanes<TLanes> => TLanes.TileRows == 4 ? 8 : 2;

    /// <summary>Packs rows super-block by super-block with <paramref name="pack"/> (stored, group, row); rows that are not there become zeros.</summary>
    public static void Pack(delegate*<byte*, byte*, int, void> pack, int storedBytes, int groupBytes, byte* stored, int outputs, int columns, byte* packed)
    {
        int blocks = columns / 256;
        long row = (long)blocks * storedBytes;
        for (int o = 0; o < outputs; o += 16, stored += 16 * row)
        {
            int rows = Math.Min(16, outputs - o);
            for (int b = 0; b < blocks; b++, packed += groupBytes)
            {
                if (rows < 16) new Span<byte>(packed, groupBytes).Clear();
                byte* block = stored + ((long)b * storedBytes);
                for (int r = 0; r < rows; r++, block += row) pack(block, packed, r);
            }
        }
    }

    /// <summary>y[r] += s[r] × (weight scales × activation scale of row r), by one FMA a lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add<TCount, TLanes>(
        TLanes scales, byte* inputScale, nint stride, float* y, TLanes s0, TLanes s1, TLanes s2, TLanes s3, TLanes s4, TLanes s5, TLanes s6, TLanes s7)
        where TCount : struct, IRowCount
        where TLanes : unmanaged, ILanes<TLanes>
    {
        Add(scales, inputScale, y, s0);
        if (TCount.Value > 1) Add(scales, inputScale + stride, y + 16, s1);
        if (TCount.Value > 2) Add(scales, inputScale + (2 * stride), y + 32, s2);
        if (TCount.Value > 3) Add(scales, inputScale + (3 * stride), y + 48, s3);
        if (TCount.Value > 4) Add(scales, inputScale + (4 * stride), y + 64, s4);
        if (TCount.Value > 5) Add(scales, inputScale + (5 * stride), y + 80, s5);
        if (TCount.Value > 6) Add(scales, inputScale + (6 * stride), y + 96, s6);
        if (TCount.Value > 7) Add(scales, inputScale + (7 * stride), y + 112, s7);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TLanes>(TLanes scales, byte* inputScale, float* y, TLanes sum)
        where TLanes : unmanaged, ILanes<TLanes> =>
        TLanes.Store(TLanes.Fma(TLanes.FromIntegers(sum), TLanes.Multiply(scales, TLanes.Broadcast(*(float*)inputScale)), TLanes.Load(y)), y);
}
