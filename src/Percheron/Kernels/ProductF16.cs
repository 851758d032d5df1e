namespace Percheron.Kernels;

/// <summary>Matrix product of binary16 weights with float activations.</summary>
public static unsafe class ProductF16
{
    /// <summary>y[t, o] = Σ w[o, ·] x[t, ·] for the rows t of <paramref name="x"/> [n, columns] and the outputs o in [from, to).</summary>
    /// <param name="w">All weight rows [outputs, columns], contiguous, of any alignment.</param>
    /// <param name="x">Activations [n, columns], contiguous.</param>
    /// <param name="n">Activation rows.</param>
    /// <param name="columns">Any positive number.</param>
    /// <param name="from">First output to compute.</param>
    /// <param name="to">One past the last.</param>
    /// <param name="y">[n, yStride]; only outputs in [from, to) are written.</param>
    /// <param name="yStride">Floats from one row of y to the next.</param>
    public static void Multiply(byte* w, float* x, int n, int columns, int from, int to, float* y, int yStride) =>
        FloatProduct.Multiply<StoredHalf>(w, x, n, columns, from, to, y, yStride);
}
