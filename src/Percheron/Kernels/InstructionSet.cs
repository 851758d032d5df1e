using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using Percheron.Kernels.Native;

namespace Percheron.Kernels;

/// <summary>
/// Which vector instructions the kernels use: the widest this machine has, chosen once, or the one that the environment variable
/// <c>PERCHERON_ISA</c> (scalar, advsimd, avx2, avx512) names.
/// </summary>
/// <remarks>Every kernel computes over sixteen virtual lanes whatever the width, so the levels agree bit for bit as well.</remarks>
public static class InstructionSet
{
    /// <summary>The environment variable that forces a level.</summary>
    public const string Variable = "PERCHERON_ISA";

    /// <summary>The environment variable that, set to 0, keeps kernels to what .NET compiles: no machine code of our own.</summary>
    public const string NativeVariable = "PERCHERON_NATIVE";

    private static readonly string? Problem;
    private static InstructionLevel active;

    static InstructionSet()
    {
        // An exception here would reach the user as a failed type initializer; it is kept for the first kernel instead.
        try
        {
            active = Choose(Environment.GetEnvironmentVariable(Variable));
        }
        catch (InvalidOperationException e)
        {
            Problem = e.Message;
        }
    }

    /// <summary>The level in use. Only tests change it, and only between calls of kernels.</summary>
    /// <exception cref="InvalidOperationException">The environment asks for a level that is unknown or that this machine lacks.</exception>
    public static InstructionLevel Active
    {
        get => Problem is null ? active : throw new InvalidOperationException(Problem);
        internal set => active = IsRunnable(value) ? value : throw Unsupported(value);
    }

    /// <summary>The level in use for a person, and whether products run as machine code of our own: <c>Avx512 with machine code</c>.</summary>
    public static string Description => Active == InstructionLevel.Avx512 && Native && PackedNative.IsAvailable ? $"{Active} with machine code" : Active.ToString();

    /// <summary>Whether AVX2 forms may use VNNI; tests clear it to compare with the plain form.</summary>
    internal static bool Vnni { get; set; } = AvxVnni.IsSupported;

    /// <summary>Whether 512-bit kernels may be machine code of our own; tests clear it to compare with the forms that .NET compiles.</summary>
    internal static bool Native { get; set; } = Environment.GetEnvironmentVariable(NativeVariable)?.Trim() != "0";

    /// <summary>Whether this machine can run the level. 128-bit vectors run everywhere, slowly where the hardware lacks a fused multiply-add.</summary>
    public static bool IsRunnable(InstructionLevel level) => level switch
    {
        InstructionLevel.Scalar or InstructionLevel.AdvSimd => true,
        InstructionLevel.Avx2 => Avx2.IsSupported && Fma.IsSupported,
        InstructionLevel.Avx512 => Avx512F.IsSupported && Avx512BW.IsSupported && Avx512DQ.IsSupported && Avx2.IsSupported && Fma.IsSupported,
        _ => false,
    };

    /// <summary>The level for a value of <see cref="Variable"/>; null or empty means the widest there is.</summary>
    /// <exception cref="InvalidOperationException">The name is unknown or this machine lacks the instructions.</exception>
    internal static InstructionLevel Choose(string? name)
    {
        if (string.IsNullOrWhiteSpace(name)) return Widest();
        InstructionLevel level = name.Trim().ToLowerInvariant() switch
        {
            "scalar" => InstructionLevel.Scalar,
            "advsimd" => InstructionLevel.AdvSimd,
            "avx2" => InstructionLevel.Avx2,
            "avx512" => InstructionLevel.Avx512,
            _ => throw new InvalidOperationException($"{Variable}='{name}' is not one of scalar, advsimd, avx2, avx512; unset it to let Percheron choose."),
        };
        return IsRunnable(level) ? level : throw Unsupported(level);
    }

    private static InstructionLevel Widest()
    {
        // Where the runtime holds 512-bit vectors back (they lower the clock of some cores), so do we.
        if (Vector512.IsHardwareAccelerated && IsRunnable(InstructionLevel.Avx512)) return InstructionLevel.Avx512;
        if (IsRunnable(InstructionLevel.Avx2)) return InstructionLevel.Avx2;
        return AdvSimd.Arm64.IsSupported ? InstructionLevel.AdvSimd : InstructionLevel.Scalar;
    }

    private static InvalidOperationException Unsupported(InstructionLevel level) =>
        new($"This machine has no {level} instructions; unset {Variable} to let Percheron choose.");
}
