using System.Runtime.InteropServices;

namespace Percheron.Kernels.Native;

/// <summary>Memory that holds machine code for as long as the process lives. It is written first and made executable after, never both at once.</summary>
internal static unsafe partial class ExecutableMemory
{
    private const int Read = 1, Write = 2, Execute = 4, PrivateAnonymous = 0x22;
    private const uint CommitAndReserve = 0x3000, Release = 0x8000, PageReadWrite = 4, PageExecuteRead = 0x20;

    /// <summary>The address of an executable copy of <paramref name="code"/>, or null where this system has no such memory or refuses it.</summary>
    public static byte* TryCreate(ReadOnlySpan<byte> code)
    {
        try
        {
            if (OperatingSystem.IsLinux()) return OnLinux(code);
            if (OperatingSystem.IsWindows()) return OnWindows(code);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            // A C library of another name or without these functions: as good as a refusal.
        }
        return null;
    }

    private static byte* OnLinux(ReadOnlySpan<byte> code)
    {
        nuint bytes = (nuint)code.Length;
        byte* memory = (byte*)MemoryMap(null, bytes, Read | Write, PrivateAnonymous, -1, 0);
        if (memory == (byte*)-1) return null;
        code.CopyTo(new Span<byte>(memory, code.Length));
        if (MemoryProtect(memory, bytes, Read | Execute) == 0) return memory;
        _ = MemoryUnmap(memory, bytes);
        return null;
    }

    private static byte* OnWindows(ReadOnlySpan<byte> code)
    {
        nuint bytes = (nuint)code.Length;
        byte* memory = (byte*)VirtualAlloc(null, bytes, CommitAndReserve, PageReadWrite);
        if (memory is null) return null;
        code.CopyTo(new Span<byte>(memory, code.Length));
        if (VirtualProtect(memory, bytes, PageExecuteRead, out _) != 0 && FlushInstructionCache(GetCurrentProcess(), memory, bytes) != 0) return memory;
        _ = VirtualFree(memory, 0, Release);
        return null;
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial void* MemoryMap(void* address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int MemoryProtect(void* address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int MemoryUnmap(void* address, nuint length);

    [LibraryImport("kernel32")]
    private static partial void* VirtualAlloc(void* address, nuint size, uint type, uint protection);

    [LibraryImport("kernel32")]
    private static partial int VirtualProtect(void* address, nuint size, uint protection, out uint before);

    [LibraryImport("kernel32")]
    private static partial int VirtualFree(void* address, nuint size, uint type);

    [LibraryImport("kernel32")]
    private static partial nint GetCurrentProcess();

    [LibraryImport("kernel32")]
    private static partial int FlushInstructionCache(nint process, void* address, nuint size);
}
