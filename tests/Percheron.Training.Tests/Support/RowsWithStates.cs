using Percheron.Training.Nets;
using Percheron.Training.Runs;
using static TorchSharp.torch;

namespace Percheron.Training.Tests.Support;

/// <summary>Rows of a small corpus with the states that a target has there, computed when they are asked for.</summary>
internal sealed class RowsWithStates(LlamaNet target, IRowSource rows) : IRowSource
{
    public int Length => rows.Length;

    public int HeldOutCount => rows.HeldOutCount;

    public Batch Rows(long first, int count, ulong key) => Of(target, rows.Rows(first, count, key));

    public Batch HeldOut(int row) => Of(target, rows.HeldOut(row));

    /// <summary>A batch with the states of a target.</summary>
    public static Batch Of(LlamaNet target, Batch batch)
    {
        using IDisposable fixedValues = no_grad();
        Tensor mask = batch.Mask(target.Compute);
        var states = new Dictionary<int, Tensor>();
        for (int layer = 0; layer <= target.Shape.Layers; layer++)
            states.Add(layer, Kept(layer == 0 ? target.Embed(batch.Inputs) : target.Stream(states[layer - 1].view(-1, target.Shape.Width), batch.Count, batch.Time, layer - 1, layer, mask)));
        states.Add(target.Shape.Layers + 1, Kept(target.Hidden(batch.Inputs, mask)));
        return batch with { States = states };

        Tensor Kept(Tensor state) => state.to(ScalarType.Float32).view(batch.Count, batch.Time, target.Shape.Width);
    }
}
