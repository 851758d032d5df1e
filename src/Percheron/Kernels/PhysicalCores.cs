using System.Globalization;

namespace Percheron.Kernels;

/// <summary>How many cores this process may use, counting the threads of one core once: matrix products keep a core busy by themselves.</summary>
public static class PhysicalCores
{
    /// <summary>At least 1; never more than the processors this process is allowed.</summary>
    public static int Count { get; } = Math.Clamp(Read("/sys/devices/system/cpu", "/proc/self/status"), 1, Environment.ProcessorCount);

    // Where the system does not tell, every processor counts.
    internal static int Read(string processors, string status)
    {
        try
        {
            if (!Directory.Exists(processors)) return Environment.ProcessorCount;
            Func<int, bool> allowed = Allowed(status);
            var cores = new HashSet<(int Package, int Core)>();
            foreach (string cpu in Directory.EnumerateDirectories(processors, "cpu*"))
            {
                if (!int.TryParse(Path.GetFileName(cpu.AsSpan())[3..], NumberStyles.None, CultureInfo.InvariantCulture, out int number) || !allowed(number)) continue;
                if (Number(cpu, "physical_package_id") is { } package && Number(cpu, "core_id") is { } core) cores.Add((package, core));
            }
            return cores.Count > 0 ? cores.Count : Environment.ProcessorCount;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Environment.ProcessorCount;
        }
    }

    private static int? Number(string cpu, string file)
    {
        string path = Path.Combine(cpu, "topology", file);
        return File.Exists(path) && int.TryParse(File.ReadAllText(path), NumberStyles.Integer, CultureInfo.InvariantCulture, out int number) ? number : null;
    }

    // Two threads of one core are two processors to the scheduler: which ones this process may use decides how many cores that is. Written as 0-3,8,10-11.
    private static Func<int, bool> Allowed(string status)
    {
        const string Key = "Cpus_allowed_list:";
        string? list = File.Exists(status) ? File.ReadLines(status).FirstOrDefault(l => l.StartsWith(Key, StringComparison.Ordinal)) : null;
        if (list is null) return _ => true;
        var ranges = new List<(int From, int To)>();
        foreach (string range in list[Key.Length..].Split(',', StringSplitOptions.TrimEntries))
        {
            int dash = range.IndexOf('-');
            if (!int.TryParse(dash < 0 ? range : range[..dash], NumberStyles.None, CultureInfo.InvariantCulture, out int from)
                || !int.TryParse(range[(dash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int to)) return _ => true;
            ranges.Add((from, to));
        }
        return number => ranges.Exists(r => number >= r.From && number <= r.To);
    }
}
