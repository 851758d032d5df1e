using BenchmarkDotNet.Attributes;
using Percheron.Benchmarks.Roofline;
using Percheron.Kernels;

namespace Percheron.Benchmarks.Kernels;

/// <summary>Products of a 32768 × 2048 matrix, which comes from memory each time, on one thread: the case of a model that fits no cache.</summary>
public unsafe class StreamedProductBenchmarks : KernelBenchmark
{
    private const int Columns = 2048, Outputs = 32768;

    private byte* _packedQ8, _packedQ4, _brain, _q8, _bf16;
    private float* _x, _y;

    [Params(1, 4, 8)]
    public int Rows { get; set; }

    // The scalar form is bound by operations long before memory.
    [ParamsSource(nameof(WideForms))]
    public new KernelForm Form
    {
        get => base.Form;
        set => base.Form = value;
    }

    public static IEnumerable<KernelForm> WideForms => AllForms.Where(f => f != KernelForm.Scalar);

    [Benchmark]
    public void BF16() => ProductBF16.Multiply(_brain, _bf16, Rows, Columns, 0, Outputs, _y, Outputs);

    [Benchmark]
    public void Q8_0() => PackedProduct.MultiplyQ8_0(_packedQ8, _q8, Rows, Columns, 0, Outputs, _y, Outputs);

    [Benchmark]
    public void Q4_0() => PackedProduct.MultiplyQ4_0(_packedQ4, _q8, Rows, Columns, 0, Outputs, _y, Outputs);

    public override Work WorkOf(string method)
    {
        const long weights = (long)Outputs * Columns;
        double bits = method switch { nameof(BF16) => 16, nameof(Q8_0) => 8.5, _ => 4.5 };
        return new Work((long)(weights * bits / 8) + (Rows * Outputs * 4L), weights * Rows, method[0] == 'Q');
    }

    protected override void Prepare(Random random)
    {
        _brain = AllocateWeights(random, 2L * Columns * Outputs);
        _packedQ8 = AllocateWeights(random, PackedProduct.BytesQ8_0(Outputs, Columns));
        _packedQ4 = AllocateWeights(random, PackedProduct.BytesQ4_0(Outputs, Columns));
        _x = AllocateFloats(random, Rows * Columns);
        _y = AllocateFloats(random, Rows * Outputs);
        _q8 = Allocate((long)Rows * ActivationsQ8.RowBytes(Columns));
        _bf16 = Allocate((long)Rows * ActivationsBF16.RowBytes(Columns));
        for (int t = 0; t < Rows; t++)
        {
            ActivationsQ8.Quantize(_x + (t * Columns), Columns, _q8 + (t * ActivationsQ8.RowBytes(Columns)));
            ActivationsBF16.Quantize(_x + (t * Columns), Columns, _bf16 + (t * ActivationsBF16.RowBytes(Columns)));
        }
    }
}
