using System.Runtime.Intrinsics.X86;

namespace Percheron.Kernels.Native;

/// <summary>Which instructions that .NET does not expose this processor has. That the system saves 512-bit registers is what the runtime's own answer for AVX-512 says.</summary>
internal static class NativeSupport
{
    /// <summary>VPDPBUSD on zmm.</summary>
    public static bool HasVnni { get; } = Has(0, 2, 11);

    /// <summary>VDPBF16PS on zmm.</summary>
    public static bool HasBrain { get; } = Has(1, 0, 5);

    // Leaf 7 of CPUID; registers 0 = EAX … 3 = EDX.
    private static bool Has(int page, int register, int bit)
    {
        if (!X86Base.X64.IsSupported || !InstructionSet.IsRunnable(InstructionLevel.Avx512) || X86Base.CpuId(0, 0).Eax < 7) return false;
        if (page > X86Base.CpuId(7, 0).Eax) return false;
        (int a, int b, int c, int d) = X86Base.CpuId(7, page);
        int[] registers = [a, b, c, d];
        return ((registers[register] >> bit) & 1) != 0;
    }
}
