namespace Percheron.Kernels;

/// <summary>Matrix product of weights that have no product of their own: each row is decoded to floats, then multiplied as <see cref="ProductF32"/> does.</summary>
public static unsafe class ProductDecoded
{
    /// <summary>y[t, o] = Σ w[o, ·] x[t, ·] for the rows t of <paramref name="x"/> [n, columns] and the outputs o in [from, to).</summary>
    /// <param name="decode">(weight row, columns, target [columns]): writes one row as floats.</param>
    /// <param name="w">All weight rows, contiguous.</param>
    /// <param name="rowBytes">Bytes of a weight row.</param>
    /// <param name="x">Activations [n, columns], contiguous.</param>
    /// <param name="n">Activation rows.</param>
    /// <param name="columns">Elements of a row.</param>
    /// <param name="from">First output to compute.</param>
    /// <param name="to">One past the last.</param>
    /// <param name="y">[n, yStride]; only outputs in [from, to) are written.</param>
    /// <param name="yStride">Floats from one row of y to the next.</param>
    /// <param name="scratch">[2 · columns] floats of the calling thread.</param>
    public static void Multiply(
        delegate*<byte*, int, float*, void> decode, byte* w, long rowBytes, float* x, int n, int columns, int from, int to, float* y, int yStride, float* scratch)
    {
        // Two rows at a time, so that the tiles use each activation load twice, as they do for stored floats.
        for (int o = from; o < to; o += 2)
        {
            int rows = Math.Min(2, to - o);
            for (int i = 0; i < rows; i++) decode(w + ((o + i) * rowBytes), columns, scratch + ((long)i * columns));
            ProductF32.Multiply((byte*)scratch, x, n, columns, 0, rows, y + o, yStride);
        }
    }
}
