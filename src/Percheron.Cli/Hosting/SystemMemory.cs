using System.Globalization;

namespace Percheron.Cli.Hosting;

/// <summary>How much memory this process may still take without the system having to swap or kill.</summary>
internal static class SystemMemory
{
    private const string Group = "/sys/fs/cgroup";

    /// <summary>Bytes; <see cref="long.MaxValue"/> where the system does not tell.</summary>
    public static long Available()
    {
        long machine = Read("/proc/meminfo", "MemAvailable:") is { } kilobytes ? 1024 * kilobytes : GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (Read(Group + "/memory.max", "") is not { } limit || Read(Group + "/memory.current", "") is not { } used) return machine > 0 ? machine : long.MaxValue;
        // File pages that nobody holds are given back before anybody is refused.
        return Math.Min(machine, limit - used + (Read(Group + "/memory.stat", "inactive_file ") ?? 0));
    }

    // The number behind a word at the beginning of a line; "max" is none.
    private static long? Read(string path, string word)
    {
        try
        {
            if (!File.Exists(path)) return null;
            string? line = File.ReadLines(path).FirstOrDefault(l => l.StartsWith(word, StringComparison.Ordinal));
            return long.TryParse(line?[word.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
