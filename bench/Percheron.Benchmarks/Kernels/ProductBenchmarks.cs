using BenchmarkDotNet.Attributes;
using Percheron.Kernels;

namespace Percheron.Benchmarks.Kernels;

/// <summary>Matrix products of a 512 × 2048 matrix (it stays in cache) with 1, 4 and 8 activation rows, one thread.</summary>
public unsafe class ProductBenchmarks : KernelBenchmark
{
    private const int Columns = 2048, Outputs = 512;

    private byte* _weights, _q8, _q8K;
    private float* _x, _y;

    [Params(1, 4, 8)]
    public int Rows { get; set; }

    [Benchmark]
    public void F32() => ProductF32.Multiply(_weights, _x, Rows, Columns, 0, Outputs, _y, Outputs);

    [Benchmark]
    public void F16() => ProductF16.Multiply(_weights, _x, Rows, Columns, 0, Outputs, _y, Outputs);

    [Benchmark]
    public void BF16() => ProductBF16.Multiply(_weights, _x, Rows, Columns, 0, Outputs, _y, Outputs);

    [Benchmark]
    public void Q8_0() => ProductQ8_0.Multiply(_weights, _q8, Rows, Columns, 0, Outputs, _y, Outputs);

    [Benchmark]
    public void Q4_0() => ProductQ4_0.Multiply(_weights, _q8, Rows, Columns, 0, Outputs, _y, Outputs);

    [Benchmark]
    public void Q4_K() => ProductQ4_K.Multiply(_weights, _q8K, Rows, Columns, 0, Outputs, _y, Outputs);

    [Benchmark]
    public void Q6_K() => ProductQ6_K.Multiply(_weights, _q8K, Rows, Columns, 0, Outputs, _y, Outputs);

    protected override void Prepare(Random random)
    {
        _weights = AllocateWeights(random, (long)Columns * Outputs * sizeof(float));
        _x = AllocateFloats(random, Rows * Columns);
        _y = AllocateFloats(random, Rows * Outputs);
        _q8 = Allocate((long)Rows * ActivationsQ8.RowBytes(Columns));
        _q8K = Allocate((long)Rows * ActivationsQ8K.RowBytes(Columns));
        for (int t = 0; t < Rows; t++)
        {
            ActivationsQ8.Quantize(_x + (t * Columns), Columns, _q8 + (t * ActivationsQ8.RowBytes(Columns)));
            ActivationsQ8K.Quantize(_x + (t * Columns), Columns, _q8K + (t * ActivationsQ8K.RowBytes(Columns)));
        }
    }
}
