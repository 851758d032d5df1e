using Percheron.Kernels;
using Percheron.Kernels.Native;
using Xunit;

namespace Percheron.Tests.Kernels.Native;

public sealed class PackedNativeTests
{
    [Fact]
    public void Machine_code_is_used_where_the_processor_has_the_instructions()
    {
        if (!NativeSupport.HasVnni) Assert.Skip("No VPDPBUSD on zmm.");
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsWindows()) Assert.Skip("No executable memory here.");
        Assert.True(PackedNative.IsAvailable);
        Assert.Equal(Environment.GetEnvironmentVariable(InstructionSet.NativeVariable)?.Trim() != "0", InstructionSet.Native);
    }
}
