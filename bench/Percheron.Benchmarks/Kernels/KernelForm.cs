namespace Percheron.Benchmarks.Kernels;

/// <summary>The forms a kernel can run in.</summary>
public enum KernelForm
{
    /// <summary>The oracle of the others.</summary>
    Scalar,

    /// <summary>128 bits.</summary>
    AdvSimd,

    /// <summary>256 bits.</summary>
    Avx2,

    /// <summary>512 bits, as .NET compiles them.</summary>
    Avx512,

    /// <summary>512 bits, with machine code of our own where a kernel has it.</summary>
    Native,
}
