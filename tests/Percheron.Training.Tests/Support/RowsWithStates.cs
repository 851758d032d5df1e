using Percheron.Training.Nets;
using Percheron.Training.Runs;
using static TorchSharp.torch;

namespace Percheron.Training.Tests.Support;

/// <summary>Rows of a small corpus with the last states that a target has there, computed when they are asked for.</summary>
internal sealed class RowsWithStates(LlamaNet target, IRowSource rows) : IRowSource
{
    public int Length => rows.Length;

    public int HeldOutCount => rows.HeldOutCount;

    public Batch Rows(long first, int count, ulong key) => With(rows.Rows(first, count, key));

    public Batch HeldOut(int row) => With(rows.HeldOut(row));

    private Batch With(Batch batch)
    {
        using IDisposable fixedValues = no_grad();
        Tensor state = target.Hidden(batch.Inputs, batch.Mask(target.Compute)).to(ScalarType.Float32).view(batch.Count, batch.Time, target.Shape.Width);
        return batch with { States = new Dictionary<int, Tensor> { [target.Shape.Layers + 1] = state } };
    }
}
