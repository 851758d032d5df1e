using System.Globalization;

namespace Percheron.Cli.Hosting;

/// <summary>How many cores this process may use, counting the threads of one core once: matrix products keep a core busy by themselves.</summary>
internal static class PhysicalCores
{
    private const string Cpus = "/sys/devices/system/cpu";

    /// <summary>At least 1; never more than the processors this process is allowed.</summary>
    public static int Count { get; } = Math.Clamp(Read(), 1, Environment.ProcessorCount);

    // Where the system does not tell, every processor counts.
    private static int Read()
    {
        if (!Directory.Exists(Cpus)) return Environment.ProcessorCount;
        try
        {
            var cores = new HashSet<(int Package, int Core)>();
            foreach (string cpu in Directory.EnumerateDirectories(Cpus, "cpu*"))
                if (Number(cpu, "physical_package_id") is { } package && Number(cpu, "core_id") is { } core) cores.Add((package, core));
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
        return File.Exists(path) && int.TryParse(File.ReadAllText(path), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) ? number : null;
    }
}
