using Percheron.Kernels;
using Percheron.Models.Stages;

namespace Percheron.Models.Heads;

/// <summary>y = W x + b for a few rows, shared by the threads of a team. The bits of a row depend neither on the rows beside it nor on the threads.</summary>
/// <param name="team">Not disposed here.</param>
internal sealed unsafe class RowProduct(ThreadTeam team) : IWork, IDisposable
{
    /// <summary>Weights below which waking other threads costs more than they save.</summary>
    private const long WorthSharing = 1 << 16;

    private readonly NativeBuffer _scratch = new();
    private Projection _projection = null!;
    private Activations _x = null!;
    private (int First, int Count, int Stride) _rows;
    private float* _y;

    /// <summary>Computes rows [first, first + rows) of <paramref name="x"/>, quantized as the matrix wants them, into <paramref name="y"/>.</summary>
    /// <param name="projection">W and b.</param>
    /// <param name="x">Inputs.</param>
    /// <param name="first">First row of x.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="y">Output 0 of row <paramref name="first"/>; rows lie one behind the other [rows, outputs].</param>
    public void Run(Projection projection, Activations x, int first, int rows, float* y)
    {
        WeightMatrix matrix = projection.Matrix;
        (_projection, _x, _rows) = (projection, x, (first, rows, matrix.Outputs));
        _y = y;
        if (matrix.IsDecoded) _scratch.Reserve(team.Threads * ScratchFloats(matrix) * sizeof(float));
        if ((long)matrix.Outputs * matrix.Inputs < WorthSharing) Execute(0, 1, 0);
        else team.Run(this);
    }

    public void Execute(int part, int parts, int thread)
    {
        WeightMatrix matrix = _projection.Matrix;
        (int from, int to) = Share.Of(matrix.Outputs, part, parts, Share.Outputs);
        if (from >= to) return;
        matrix.Multiply(_x, _rows.First, _rows.Count, from, to, _y, _rows.Stride, (float*)_scratch.Pointer + (thread * ScratchFloats(matrix)));
        if (_projection.Bias is not { } bias) return;
        for (int row = 0; row < _rows.Count; row++)
        {
            float* outputs = _y + ((long)row * _rows.Stride) + from;
            Add.Apply(outputs, bias.Pointer + from, outputs, to - from);
        }
    }

    public void Dispose() => _scratch.Dispose();

    // Whole cache lines, so that threads never write to the same one.
    private static long ScratchFloats(WeightMatrix matrix) => matrix.IsDecoded ? ((2L * matrix.Inputs) + 15) & ~15 : 0;
}
