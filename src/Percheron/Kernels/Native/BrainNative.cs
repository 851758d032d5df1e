namespace Percheron.Kernels.Native;

/// <summary>
/// Products of packed bfloat16 weights in 512-bit machine code, where the processor has VDPBF16PS on zmm and the system allows executable memory: twice the rate of FMAs, and
/// the same bits.
/// </summary>
internal static unsafe class BrainNative
{
    private static readonly TileCodes? Codes = Create();

    /// <summary>Whether there is such code on this machine.</summary>
    public static bool IsAvailable => Codes is not null;

    /// <summary>As <see cref="ProductBF16.Multiply"/>.</summary>
    public static void Multiply(byte* packed, long groupBytes, byte* x, int n, int columns, int from, int to, float* y, int yStride)
    {
        PackedTask whole = new()
        {
            Weights = packed,
            Activations = x + ActivationsBF16.PairsAt(columns),
            Outputs = y,
            Turns = groupBytes / BrainCode.TurnBytes,
            GroupBytes = groupBytes,
            RowBytes = ActivationsBF16.RowBytes(columns),
            OutputBytes = yStride * sizeof(float),
        };
        new TileProduct(Codes!, whole).Multiply(n, from, to);
    }

    private static TileCodes? Create()
    {
        if (!NativeSupport.HasBrain) return null;
        TileCodes codes = new(BrainCode.MostRows, BrainCode.MostRowsOfTwo, (groups, rows) => BrainCode.Write(groups, rows, prefetches: 4).ToArray());
        return codes.IsAvailable ? codes : null;
    }
}
