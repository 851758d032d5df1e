using Percheron.Kernels;
using Xunit;

namespace Percheron.Tests.Kernels;

/// <summary>Tests that switch the instruction set of the process run alone, one after the other.</summary>
[CollectionDefinition(nameof(Levels), DisableParallelization = true)]
public sealed class Levels
{
    /// <summary>Every level this machine can run, scalar first.</summary>
    public static IEnumerable<InstructionLevel> Runnable => Enum.GetValues<InstructionLevel>().Where(InstructionSet.IsRunnable);

    /// <summary>Runs under each level in turn (AVX2 with and without VNNI, AVX-512 with and without machine code of our own) and restores the one that was active.</summary>
    public static void ForEach(Action<string> body)
    {
        (InstructionLevel level, bool vnni, bool native) = (InstructionSet.Active, InstructionSet.Vnni, InstructionSet.Native);
        try
        {
            foreach (InstructionLevel each in Runnable)
            {
                InstructionSet.Active = each;
                body(each.ToString());
                if (each == InstructionLevel.Avx512 && native)
                {
                    InstructionSet.Native = false;
                    body("Avx512 without machine code");
                    InstructionSet.Native = true;
                }
                if (each != InstructionLevel.Avx2 || !vnni) continue;
                InstructionSet.Vnni = false;
                body("Avx2 without VNNI");
                InstructionSet.Vnni = true;
            }
        }
        finally
        {
            InstructionSet.Vnni = vnni;
            InstructionSet.Native = native;
            InstructionSet.Active = level;
        }
    }

    /// <summary>Runs under every level and asserts that the floats are the bits of the scalar level.</summary>
    public static float[] Agree(Func<float[]> compute)
    {
        float[]? scalar = null;
        ForEach(level =>
        {
            float[] values = compute();
            scalar ??= values;
            Bits.Equal(scalar, values, level);
        });
        return scalar!;
    }
}
