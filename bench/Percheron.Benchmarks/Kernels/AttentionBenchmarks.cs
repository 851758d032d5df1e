using BenchmarkDotNet.Attributes;
using Percheron.Benchmarks.Roofline;
using Percheron.Kernels;

namespace Percheron.Benchmarks.Kernels;

/// <summary>One query row over the positions of a binary16 cache, head dimension 64.</summary>
public unsafe class AttentionBenchmarks : KernelBenchmark
{
    private const int HeadDim = 64;

    private byte* _keys, _values;
    private float* _query, _scratch, _output;

    /// <summary>Query heads that share the key-value head.</summary>
    [Params(1, 4, 8, 64)]
    public int Heads { get; set; }

    [Params(512, 8192)]
    public int Positions { get; set; }

    [Benchmark]
    public void Attend()
    {
        AttentionRow row = new() { Contiguous = Positions };
        AttentionTile tile = new()
        {
            Keys = _keys, Values = _values, Half = true, Finite = true, Rows = &row, RowCount = 1, Queries = _query, QueryStride = 0, Outputs = _output, OutputStride = 0,
            Heads = Heads, HeadDim = HeadDim, Scale = 0.125f,
        };
        Attention.Attend(in tile, _scratch);
    }

    public override Work WorkOf(string method) => new(2L * Positions * HeadDim * sizeof(ushort), 2L * Heads * Positions * HeadDim);

    protected override void Prepare(Random random)
    {
        _keys = Halves(random);
        _values = Halves(random);
        _query = AllocateFloats(random, Heads * HeadDim);
        _output = AllocateFloats(random, Heads * HeadDim);
        _scratch = AllocateFloats(random, Attention.ScratchFloats(Heads, HeadDim, 0));
    }

    private byte* Halves(Random random)
    {
        Half* values = (Half*)Allocate(Positions * HeadDim * sizeof(ushort));
        for (int i = 0; i < Positions * HeadDim; i++) values[i] = (Half)((random.NextDouble() * 2) - 1);
        return (byte*)values;
    }
}
