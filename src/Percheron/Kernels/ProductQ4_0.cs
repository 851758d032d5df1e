namespace Percheron.Kernels;

/// <summary>Matrix product of Q4_0 weights, as GGUF stores them, with <see cref="ActivationsQ8"/>.</summary>
public static unsafe class ProductQ4_0
{
    /// <summary>y[t, o] = Σ w[o, ·] x[t, ·] for the rows t of <paramref name="x"/> and the outputs o in [from, to).</summary>
    /// <param name="w">All weight rows [outputs, columns], contiguous, of any alignment.</param>
    /// <param name="x">Rows of <see cref="ActivationsQ8.RowBytes"/> bytes each, contiguous.</param>
    /// <param name="n">Activation rows.</param>
    /// <param name="columns">A multiple of 32.</param>
    /// <param name="from">First output to compute.</param>
    /// <param name="to">One past the last.</param>
    /// <param name="y">[n, yStride]; only outputs in [from, to) are written.</param>
    /// <param name="yStride">Floats from one row of y to the next.</param>
    public static void Multiply(byte* w, byte* x, int n, int columns, int from, int to, float* y, int yStride) =>
        BlockProduct.Multiply<BlockQ4_0>(w, x, n, columns, from, to, y, yStride);
}
