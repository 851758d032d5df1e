using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using Percheron.Kernels;

namespace Percheron.Benchmarks.Kernels;

/// <summary>A kernel under each instruction set this machine has; the scalar form is the baseline. Owns native arrays.</summary>
public abstract unsafe class KernelBenchmark
{
    private readonly List<nint> _owned = [];

    [ParamsSource(nameof(Levels))]
    public InstructionLevel Level { get; set; }

    public static IEnumerable<InstructionLevel> Levels => Enum.GetValues<InstructionLevel>().Where(InstructionSet.IsRunnable);

    [GlobalSetup]
    public void Setup()
    {
        InstructionSet.Active = Level;
        Prepare(new Random(1));
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        foreach (nint block in _owned) NativeMemory.AlignedFree((void*)block);
        _owned.Clear();
    }

    protected abstract void Prepare(Random random);

    protected byte* Allocate(long bytes)
    {
        void* block = NativeMemory.AlignedAlloc((nuint)bytes, 64);
        NativeMemory.Clear(block, (nuint)bytes);
        _owned.Add((nint)block);
        return (byte*)block;
    }

    protected float* AllocateFloats(Random random, int count)
    {
        float* values = (float*)Allocate((long)count * sizeof(float));
        for (int i = 0; i < count; i++) values[i] = (float)((random.NextDouble() * 2) - 1);
        return values;
    }

    /// <summary>Bytes that read as sensible weights in every block layout: no huge or subnormal scales.</summary>
    protected byte* AllocateWeights(Random random, long bytes)
    {
        byte* weights = Allocate(bytes);
        for (long i = 0; i < bytes; i++) weights[i] = (byte)(0x30 | random.Next(16));
        return weights;
    }
}
