namespace Percheron.Kernels.Native;

/// <summary>
/// Packed products of Q8_0 and Q4_0 in 512-bit machine code, where the processor has VPDPBUSD on zmm and the system allows executable memory: about twice the integer rate of
/// what .NET 10 exposes, and the same bits.
/// </summary>
internal static unsafe class PackedNative
{
    /// <summary>Lines to prefetch in a pair of blocks when each of at least three tiles fetches its share of the next two groups.</summary>
    private const int ShareOfLines = 12;

    private static readonly TileCodes? Bytes = Create(nibbles: false), Nibbles = Create(nibbles: true);

    /// <summary>Whether there is such code on this machine.</summary>
    public static bool IsAvailable => Bytes is not null && Nibbles is not null;

    /// <summary>As <see cref="PackedProduct.MultiplyQ8_0"/>.</summary>
    public static void Multiply(bool nibbles, byte* packed, long groupBytes, byte* x, int n, int columns, int from, int to, float* y, int yStride)
    {
        PackedTask whole = new()
        {
            Weights = packed,
            Activations = x,
            Outputs = y,
            Turns = (columns + 63L) / 64,
            GroupBytes = groupBytes,
            RowBytes = ActivationsQ8.RowBytes(columns),
            ScalesAt = ActivationsQ8.ScalesAt(columns),
            StartsAt = ActivationsQ8.StartsAt(columns),
            OutputBytes = yStride * sizeof(float),
            Nibbles = 0x0F0F0F0F,
        };
        new TileProduct((nibbles ? Nibbles : Bytes)!, whole).Multiply(n, from, to);
    }

    private static TileCodes? Create(bool nibbles)
    {
        if (!NativeSupport.HasVnni) return null;
        TileCodes codes = new(PackedCode.MostRows, PackedCode.MostRowsOfTwo, (groups, rows) => PackedCode.Write(nibbles, groups, rows, Prefetches(nibbles, groups, rows)).ToArray());
        return codes.IsAvailable ? codes : null;
    }

    // One and two rows of bytes wait for memory only, and the processor's own prefetching does best alone.
    private static int Prefetches(bool nibbles, int groups, int rows)
    {
        if (groups == 2) return ShareOfLines;
        if (nibbles) return 9;
        return rows <= 2 ? 0 : 17;
    }
}
