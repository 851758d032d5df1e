using Percheron.Kernels;

namespace Percheron.Models.Stages;

/// <summary>y = W x + b for a share of the outputs.</summary>
internal static unsafe class Affine
{
    /// <param name="projection">W and b.</param>
    /// <param name="x">Inputs; all rows of the current stage are read.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="share">Outputs to compute.</param>
    /// <param name="y">Output 0 of row 0.</param>
    /// <param name="stride">Floats from one row of y to the next.</param>
    /// <param name="scratch">Scratch of the calling thread.</param>
    public static void Apply(Projection projection, Activations x, int rows, (int From, int To) share, float* y, int stride, float* scratch)
    {
        (int from, int to) = share;
        if (from >= to) return;
        projection.Matrix.Multiply(x, 0, rows, from, to, y, stride, scratch);
        if (projection.Bias is not { } bias) return;
        for (int row = 0; row < rows; row++)
        {
            float* outputs = y + (long)row * stride + from;
            Add.Apply(outputs, bias.Pointer + from, outputs, to - from);
        }
    }
}
