using BenchmarkDotNet.Attributes;
using Percheron.Kernels;

namespace Percheron.Benchmarks.Kernels;

/// <summary>The operations on one row of 4096 elements.</summary>
public unsafe class RowBenchmarks : KernelBenchmark
{
    private const int Columns = 4096, HeadDim = 128;

    private float* _a, _b, _y, _cos, _sin;
    private byte* _quantized;

    [Benchmark]
    public void RmsNorm() => Percheron.Kernels.RmsNorm.Apply(_a, _b, Columns, 1e-5f, _y);

    [Benchmark]
    public void LayerNorm() => Percheron.Kernels.LayerNorm.Apply(_a, _b, _b, Columns, 1e-5f, _y);

    [Benchmark]
    public void SiluMultiply() => Percheron.Kernels.SiluMultiply.Apply(_a, _b, _y, Columns);

    [Benchmark]
    public void GeluTanh() => Gelu.Tanh(_a, _y, Columns);

    [Benchmark]
    public void GeluErf() => Gelu.Erf(_a, _y, Columns);

    [Benchmark]
    public void Exponential() => Percheron.Kernels.Exponential.Apply(_a, _y, Columns);

    [Benchmark]
    public void Softmax() => Percheron.Kernels.Softmax.Apply(_y, Columns);

    [Benchmark]
    public int ArgMax() => Percheron.Kernels.ArgMax.Of(_a, Columns);

    [Benchmark]
    public void Add() => Percheron.Kernels.Add.Apply(_a, _b, _y, Columns);

    [Benchmark]
    public void RopeAdjacent() => Rope.Apply(_y, Columns / HeadDim, HeadDim, HeadDim, _cos, _sin, RopeLayout.Adjacent);

    [Benchmark]
    public void RopeHalves() => Rope.Apply(_y, Columns / HeadDim, HeadDim, HeadDim, _cos, _sin, RopeLayout.Halves);

    [Benchmark]
    public void QuantizeQ8() => ActivationsQ8.Quantize(_a, Columns, _quantized);

    [Benchmark]
    public void QuantizeQ8K() => ActivationsQ8K.Quantize(_a, Columns, _quantized);

    [Benchmark]
    public void NarrowToHalf() => HalfConversion.ToHalf(new ReadOnlySpan<float>(_a, Columns), new Span<Half>(_quantized, Columns));

    protected override void Prepare(Random random)
    {
        _a = AllocateFloats(random, Columns);
        _b = AllocateFloats(random, Columns);
        _y = AllocateFloats(random, Columns);
        _cos = AllocateFloats(random, HeadDim / 2);
        _sin = AllocateFloats(random, HeadDim / 2);
        _quantized = Allocate(2 * Columns);
        double[] frequencies = [.. Enumerable.Range(0, HeadDim / 2).Select(i => Math.Pow(10000, -2.0 * i / HeadDim))];
        Rope.Tabulate(100, frequencies, 1f, _cos, _sin);
    }
}
