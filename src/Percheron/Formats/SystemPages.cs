using System.Runtime.InteropServices;

namespace Percheron.Formats;

/// <summary>What is asked of the operating system about pages of memory. On Linux only; elsewhere nothing happens, and nothing depends on it but speed and resident size.</summary>
internal static unsafe partial class SystemPages
{
    private const int DontNeed = 4, HugePage = 14, NoHugePage = 15;

    /// <summary>Where a large page begins and how much it covers, on the processors that have large pages worth asking for.</summary>
    public const nuint HugeBytes = 2 << 20;

    /// <summary>
    /// Lets go of the whole pages inside a read-only mapping of a file: they stop counting as memory of this process and come back from the file when they are read again.
    /// Of other memory the contents are lost.
    /// </summary>
    public static void Forget(byte* start, long bytes)
    {
        nuint page = (nuint)Environment.SystemPageSize, from = ((nuint)start + page - 1) / page * page, to = (nuint)(start + bytes) / page * page;
        Advise(from, to, DontNeed);
    }

    /// <summary>Asks for large pages under memory not yet touched: fewer interruptions while it is filled, fewer address translations while it is read.</summary>
    public static void PreferHuge(byte* start, long bytes) =>
        Advise(((nuint)start + HugeBytes - 1) / HugeBytes * HugeBytes, (nuint)(start + bytes) / HugeBytes * HugeBytes, HugePage);

    /// <summary>Takes that back for what is not yet touched; large pages that are there stay.</summary>
    public static void PreferOrdinary(byte* start, long bytes) => Advise((nuint)start, (nuint)(start + bytes), NoHugePage);

    // Advice that the system does not know or take is no error: it is advice.
    private static void Advise(nuint from, nuint to, int advice)
    {
        if (from < to && OperatingSystem.IsLinux()) _ = Advise((void*)from, to - from, advice);
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* address, nuint length, int advice);
}
