using TorchSharp;
using static TorchSharp.torch;

namespace Percheron.Training.Nets;

/// <summary>
/// Rotary positions and the causal mask of a context. Pairs are adjacent dimensions in the file; products see them as two halves (<see cref="Halves"/>).
/// Source: Su et al., "RoFormer" (2021).
/// </summary>
public sealed class Rotary : IDisposable
{
    private readonly Tensor _cos, _sin;

    /// <summary>Tables for the positions and the head size of a shape, in the compute type.</summary>
    public Rotary(LlamaShape shape, ScalarType compute)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable fixedValues = no_grad();
        Tensor frequency = pow(LlamaShape.RopeBase, arange(0, shape.HeadSize, 2, ScalarType.Float64).div(-shape.HeadSize));
        Tensor angle = outer(arange(shape.Context, ScalarType.Float64), frequency).unsqueeze(1);
        _cos = angle.cos().to(compute).DetachFromDisposeScope();
        _sin = angle.sin().to(compute).DetachFromDisposeScope();
        Causal = full([1, 1, shape.Context, shape.Context], float.NegativeInfinity).triu(1).to(compute).DetachFromDisposeScope();
        Halves = EvenThenOdd(shape).DetachFromDisposeScope();
    }

    /// <summary>Added to attention scores [1, 1, context, context]: later positions are hidden.</summary>
    public Tensor Causal { get; }

    /// <summary>Rows of the stacked q and k weights, per head the even dimensions and then the odd.</summary>
    public Tensor Halves { get; }

    /// <summary>Rotates pair i of every head of [batch, time, heads, size] by position · base^(−2i/size), positions from <paramref name="start"/> on; a pair is (i, i + size/2) here.</summary>
    public Tensor Rotate(Tensor x, long start, long time) => Rotate(x, _cos.narrow(0, start, time), _sin.narrow(0, start, time));

    /// <summary>The same at given positions, int64 [time].</summary>
    public Tensor Rotate(Tensor x, Tensor positions) => Rotate(x, _cos.index_select(0, positions), _sin.index_select(0, positions));

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Tensor tensor in (Tensor[])[_cos, _sin, Causal, Halves]) tensor.Dispose();
    }

    private static Tensor Rotate(Tensor x, Tensor cos, Tensor sin)
    {
        long half = x.shape[3] / 2;
        Tensor even = x.narrow(3, 0, half), odd = x.narrow(3, half, half);
        return cat([even * cos - odd * sin, even * sin + odd * cos], 3);
    }

    private static Tensor EvenThenOdd(LlamaShape shape)
    {
        IEnumerable<long> rows =
            from head in Enumerable.Range(0, shape.Heads + shape.KeyHeads)
            from parity in Enumerable.Range(0, 2)
            from i in Enumerable.Range(0, shape.HeadSize / 2)
            select (long)head * shape.HeadSize + 2 * i + parity;
        return tensor(rows.ToArray());
    }
}
