using System.Runtime.Intrinsics;
using Percheron.Kernels;
using Xunit;

namespace Percheron.Tests.Kernels;

[Collection(nameof(Levels))]
public sealed class InstructionSetTests
{
    [Fact]
    public void Names_force_a_level()
    {
        Assert.Equal(InstructionLevel.Scalar, InstructionSet.Choose("scalar"));
        Assert.Equal(InstructionLevel.AdvSimd, InstructionSet.Choose(" AdvSimd "));
        foreach (InstructionLevel level in new[] { InstructionLevel.Avx2, InstructionLevel.Avx512 })
        {
            if (InstructionSet.IsRunnable(level)) Assert.Equal(level, InstructionSet.Choose(level.ToString()));
            else Assert.Throws<InvalidOperationException>(() => InstructionSet.Choose(level.ToString()));
        }
    }

    [Fact]
    public void Nothing_means_the_widest()
    {
        InstructionLevel widest = InstructionSet.Choose(null);
        Assert.Equal(widest, InstructionSet.Choose(""));
        Assert.True(InstructionSet.IsRunnable(widest));
        Assert.True(widest >= InstructionLevel.Avx2 || !InstructionSet.IsRunnable(InstructionLevel.Avx2));
        Assert.True(widest == InstructionLevel.Avx512 || !InstructionSet.IsRunnable(InstructionLevel.Avx512) || !Vector512.IsHardwareAccelerated);
    }

    [Fact]
    public void An_unknown_name_says_what_is_known()
    {
        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => InstructionSet.Choose("sse9"));
        Assert.Contains("scalar, advsimd, avx2, avx512", e.Message);
    }
}
