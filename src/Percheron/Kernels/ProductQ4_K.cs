namespace Percheron.Kernels;

/// <summary>Matrix product of Q4_K weights, as GGUF stores them, with <see cref="ActivationsQ8K"/>.</summary>
public static unsafe class ProductQ4_K
{
    private const int BlockBytes = 144;

    /// <summary>y[t, o] = Σ w[o, ·] x[t, ·] for the rows t of <paramref name="x"/> and the outputs o in [from, to).</summary>
    /// <param name="w">All weight rows [outputs, columns], contiguous, of any alignment.</param>
    /// <param name="x">Rows of <see cref="ActivationsQ8K.RowBytes"/> bytes each, contiguous.</param>
    /// <param name="n">Activation rows.</param>
    /// <param name="columns">A multiple of 256.</param>
    /// <param name="from">First output to compute.</param>
    /// <param name="to">One past the last.</param>
    /// <param name="y">[n, yStride]; only outputs in [from, to) are written.</param>
    /// <param name="yStride">Floats from one row of y to the next.</param>
    public static void Multiply(byte* w, byte* x, int n, int columns, int from, int to, float* y, int yStride)
    {
        Product p = new()
        {
            Weights = w, WeightRowBytes = (long)columns / 256 * BlockBytes, Inputs = x, InputRowBytes = ActivationsQ8K.RowBytes(columns),
            Columns = columns, Outputs = y, OutputStride = yStride,
        };
        switch (InstructionSet.Active)
        {
            case InstructionLevel.Avx512: TileDriver.Run<SuperBlockTile<Lanes512, SuperBlockQ4_K<Lanes512, Bytes512>>>(in p, n, from, to); break;
            case InstructionLevel.Avx2: TileDriver.Run<SuperBlockTile<Lanes256, SuperBlockQ4_K<Lanes256, Bytes256<PlainDot>>>>(in p, n, from, to); break;
            case InstructionLevel.AdvSimd: TileDriver.Run<SuperBlockTile<Lanes128, SuperBlockQ4_K<Lanes128, Bytes128>>>(in p, n, from, to); break;
            default: TileDriver.Run<SuperBlockTile<LanesScalar, SuperBlockQ4_K<LanesScalar, BytesScalar>>>(in p, n, from, to); break;
        }
    }
}
