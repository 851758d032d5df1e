namespace Percheron.Kernels;

/// <summary>The vector instructions a kernel may use, narrowest first.</summary>
public enum InstructionLevel
{
    /// <summary>No vector instructions: the oracle of all other forms.</summary>
    Scalar,

    /// <summary>128-bit vectors: Arm64 AdvSimd (with the dot product where the core has it); portable, so tests run it anywhere.</summary>
    AdvSimd,

    /// <summary>256-bit vectors with FMA, and VNNI where the core has it.</summary>
    Avx2,

    /// <summary>512-bit vectors (F, BW, DQ).</summary>
    Avx512,
}
