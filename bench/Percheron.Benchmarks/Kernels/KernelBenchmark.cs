using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using BenchmarkDotNet.Attributes;
using Percheron.Benchmarks.Roofline;
using Percheron.Kernels;

namespace Percheron.Benchmarks.Kernels;

/// <summary>A kernel in each form this machine has, on one thread. Owns native arrays.</summary>
public abstract unsafe class KernelBenchmark : IMeasuredWork
{
    private readonly List<nint> _owned = [];

    [ParamsSource(nameof(Forms))]
    public KernelForm Form { get; set; }

    public static IEnumerable<KernelForm> Forms => AllForms.Where(f => f != KernelForm.Native);

    /// <summary>Those of kernels with machine code of our own.</summary>
    /// <remarks>128-bit vectors run on every machine, but stand for Arm64 only.</remarks>
    public static IEnumerable<KernelForm> AllForms => Enum.GetValues<KernelForm>().Where(f => InstructionSet.IsRunnable(LevelOf(f)) && (f != KernelForm.AdvSimd || AdvSimd.IsSupported));

    [GlobalSetup]
    public void Setup()
    {
        InstructionSet.Active = LevelOf(Form);
        InstructionSet.Native = Form == KernelForm.Native;
        Prepare(new Random(1));
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        foreach (nint block in _owned) NativeMemory.AlignedFree((void*)block);
        _owned.Clear();
    }

    public abstract Work WorkOf(string method);

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

    private static InstructionLevel LevelOf(KernelForm form) => form == KernelForm.Native ? InstructionLevel.Avx512 : (InstructionLevel)form;
}
