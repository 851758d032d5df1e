using BenchmarkDotNet.Attributes;
using Percheron.Benchmarks.Roofline;
using Percheron.Formats;
using Percheron.Kernels;
using Percheron.Models;

namespace Percheron.Benchmarks.Kernels;

/// <summary>Products of a 512 × 2048 matrix, which stays in cache, with activation rows, on one thread: what models run, Q8_0 and Q4_0 packed.</summary>
public unsafe class ProductBenchmarks : KernelBenchmark
{
    private const int Columns = 2048, Outputs = 512;

    private byte* _weights, _packedQ8, _packedQ4, _q8, _q8K, _bf16;
    private float* _x, _y, _scratch;

    [ParamsSource(nameof(AllForms))]
    public new KernelForm Form
    {
        get => base.Form;
        set => base.Form = value;
    }

    [Params(1, 4, 8, 64)]
    public int Rows { get; set; }

    [Benchmark]
    public void F32() => ProductF32.Multiply(_weights, _x, Rows, Columns, 0, Outputs, _y, Outputs);

    [Benchmark]
    public void F16() => ProductF16.Multiply(_weights, _x, Rows, Columns, 0, Outputs, _y, Outputs);

    [Benchmark]
    public void BF16() => ProductBF16.Multiply(_weights, _bf16, Rows, Columns, 0, Outputs, _y, Outputs);

    [Benchmark]
    public void Q8_0() => PackedProduct.MultiplyQ8_0(_packedQ8, _q8, Rows, Columns, 0, Outputs, _y, Outputs);

    [Benchmark]
    public void Q4_0() => PackedProduct.MultiplyQ4_0(_packedQ4, _q8, Rows, Columns, 0, Outputs, _y, Outputs);

    [Benchmark]
    public void Q4_K() => ProductQ4_K.Multiply(_weights, _q8K, Rows, Columns, 0, Outputs, _y, Outputs);

    [Benchmark]
    public void Q6_K() => ProductQ6_K.Multiply(_weights, _q8K, Rows, Columns, 0, Outputs, _y, Outputs);

    /// <summary>A type without a kernel of its own: rows are decoded, then multiplied as floats.</summary>
    [Benchmark]
    public void Q5_K() => ProductDecoded.Multiply(RowDecoder.Of(TensorType.Q5_K), _weights, BlockCodec.RowBytes(TensorType.Q5_K, Columns), _x, Rows, Columns, 0, Outputs, _y, Outputs, _scratch);

    public override Work WorkOf(string method)
    {
        const long weights = (long)Outputs * Columns;
        (double bits, double activation) = method switch
        {
            nameof(F32) => (32, 4),
            nameof(F16) => (16, 4),
            nameof(BF16) => (16, (double)ActivationsBF16.RowBytes(Columns) / Columns),
            nameof(Q5_K) => (5.5, 4),
            nameof(Q8_0) => (8.5, (double)ActivationsQ8.RowBytes(Columns) / Columns),
            nameof(Q4_0) => (4.5, (double)ActivationsQ8.RowBytes(Columns) / Columns),
            nameof(Q4_K) => (4.5, (double)ActivationsQ8K.RowBytes(Columns) / Columns),
            _ => (6.5625, (double)ActivationsQ8K.RowBytes(Columns) / Columns),
        };
        bool integer = method[0] == 'Q' && method != nameof(Q5_K);
        return new Work((long)((weights * bits / 8) + (Rows * ((Columns * activation) + (Outputs * 4)))), weights * Rows, integer);
    }

    protected override void Prepare(Random random)
    {
        _weights = AllocateWeights(random, (long)Columns * Outputs * sizeof(float));
        _packedQ8 = Allocate(PackedProduct.BytesQ8_0(Outputs, Columns));
        _packedQ4 = Allocate(PackedProduct.BytesQ4_0(Outputs, Columns));
        PackedProduct.PackQ8_0(_weights, Outputs, Columns, _packedQ8);
        PackedProduct.PackQ4_0(_weights, Outputs, Columns, _packedQ4);
        _x = AllocateFloats(random, Rows * Columns);
        _y = AllocateFloats(random, Rows * Outputs);
        _scratch = AllocateFloats(random, 2 * Columns);
        _q8 = Allocate((long)Rows * ActivationsQ8.RowBytes(Columns));
        _q8K = Allocate((long)Rows * ActivationsQ8K.RowBytes(Columns));
        _bf16 = Allocate((long)Rows * ActivationsBF16.RowBytes(Columns));
        for (int t = 0; t < Rows; t++)
        {
            ActivationsBF16.Quantize(_x + (t * Columns), Columns, _bf16 + (t * ActivationsBF16.RowBytes(Columns)));
            ActivationsQ8.Quantize(_x + (t * Columns), Columns, _q8 + (t * ActivationsQ8.RowBytes(Columns)));
            ActivationsQ8K.Quantize(_x + (t * Columns), Columns, _q8K + (t * ActivationsQ8K.RowBytes(Columns)));
        }
    }
}
