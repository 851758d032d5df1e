using BenchmarkDotNet.Attributes;
using Percheron.Benchmarks.Roofline;
using Percheron.Kernels;

namespace Percheron.Benchmarks.Kernels;

/// <summary>The operations on one row of 4096 elements.</summary>
public unsafe class RowBenchmarks : KernelBenchmark
{
    private const int Columns = 4096, HeadDim = 128;

    private float* _a, _b, _y, _cos, _sin;
    private byte* _quantized, _halves;

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
    public void GeluHalf() => HalfGelu.Tanh(_a, _y, Columns);

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

    [Benchmark]
    public void WidenHalf() => HalfConversion.ToSingle(new ReadOnlySpan<Half>(_halves, Columns), new Span<float>(_y, Columns));

    [Benchmark]
    public void WidenBrain() => HalfConversion.BrainToSingle(new ReadOnlySpan<ushort>(_halves, Columns), new Span<float>(_y, Columns));

    public override Work WorkOf(string method) => new(Columns * method switch
    {
        nameof(ArgMax) => 4,
        nameof(QuantizeQ8) or nameof(QuantizeQ8K) => 5,
        nameof(NarrowToHalf) or nameof(WidenHalf) or nameof(WidenBrain) => 6,
        nameof(Add) or nameof(SiluMultiply) or nameof(RmsNorm) => 12,
        nameof(LayerNorm) => 16,
        _ => 8,
    });

    protected override void Prepare(Random random)
    {
        _a = AllocateFloats(random, Columns);
        _b = AllocateFloats(random, Columns);
        _y = AllocateFloats(random, Columns);
        _cos = AllocateFloats(random, HeadDim / 2);
        _sin = AllocateFloats(random, HeadDim / 2);
        _quantized = Allocate(2 * Columns);
        _halves = Allocate(2 * Columns);
        HalfConversion.ToHalf(new ReadOnlySpan<float>(_a, Columns), new Span<Half>(_halves, Columns));
        double[] frequencies = [.. Enumerable.Range(0, HeadDim / 2).Select(i => Math.Pow(10000, -2.0 * i / HeadDim))];
        Rope.Tabulate(100, frequencies, 1f, _cos, _sin);
    }
}
