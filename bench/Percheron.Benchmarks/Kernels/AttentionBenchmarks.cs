using BenchmarkDotNet.Attributes;
using Percheron.Benchmarks.Roofline;
using Percheron.Kernels;

namespace Percheron.Benchmarks.Kernels;

/// <summary>One query row over the positions of a binary16 cache, head dimension 64.</summary>
public unsafe class AttentionBenchmarks : KernelBenchmark
{
    private const int HeadDim = 64;

    private byte* _keys, _values;
    private float* _query, _scores, _output;

    /// <summary>Query heads that share the key-value head.</summary>
    [Params(1, 4)]
    public int Heads { get; set; }

    [Params(512, 8192)]
    public int Positions { get; set; }

    [Benchmark]
    public void Attend()
    {
        AttentionSpan span = new() { Keys = _keys, Values = _values, Stride = HeadDim * sizeof(ushort), PrefixLength = Positions, Half = true };
        Attention.Attend(in span, _query, Heads, HeadDim, 0.125f, _scores, _output);
    }

    public override Work WorkOf(string method) => new(2L * Positions * HeadDim * sizeof(ushort), 2L * Heads * Positions * HeadDim);

    protected override void Prepare(Random random)
    {
        _keys = Halves(random);
        _values = Halves(random);
        _query = AllocateFloats(random, Heads * HeadDim);
        _output = AllocateFloats(random, Heads * HeadDim);
        _scores = AllocateFloats(random, Attention.ScratchFloats(Positions, Heads));
    }

    private byte* Halves(Random random)
    {
        Half* values = (Half*)Allocate(Positions * HeadDim * sizeof(ushort));
        for (int i = 0; i < Positions * HeadDim; i++) values[i] = (Half)((random.NextDouble() * 2) - 1);
        return (byte*)values;
    }
}
