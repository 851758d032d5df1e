using System.Globalization;
using System.Runtime.Intrinsics.X86;
using Percheron.Kernels.Native;
using Xunit;

namespace Percheron.Tests.Kernels.Native;

public sealed unsafe class ExecutableMemoryTests
{
    [Fact]
    public void Code_runs()
    {
        if (!X86Base.X64.IsSupported) Assert.Skip("Only x64 runs x64 code.");
        // lea rax, [argument + 2]; ret
        Assembler code = new();
        code.LoadAddress(General.Rax, new Address(OperatingSystem.IsWindows() ? General.Rcx : General.Rdi, 2));
        code.Return();
        byte* memory = ExecutableMemory.TryCreate(code.Code);
        if (memory is null) Assert.Skip("This system refuses executable memory.");
        Assert.Equal(42, ((delegate* unmanaged<long, long>)memory)(40));
    }

    [Fact]
    public void What_may_run_cannot_be_written()
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("Reads /proc.");
        byte* memory = ExecutableMemory.TryCreate([0xC3]);
        if (memory is null) Assert.Skip("This system refuses executable memory.");
        foreach (string line in File.ReadLines("/proc/self/maps"))
        {
            string[] parts = line.Split(' '), range = parts[0].Split('-');
            ulong from = ulong.Parse(range[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture), to = ulong.Parse(range[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if ((ulong)memory < from || (ulong)memory >= to) continue;
            Assert.Equal("r-xp", parts[1]);
            return;
        }
        Assert.Fail("The memory is not mapped.");
    }
}
