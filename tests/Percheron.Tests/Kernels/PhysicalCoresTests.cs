using Percheron.Kernels;
using Xunit;

namespace Percheron.Tests.Kernels;

public sealed class PhysicalCoresTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("percheron-cores-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("0-7", 4)]
    [InlineData("0,4", 1)]
    [InlineData("0-3", 4)]
    [InlineData("1,2,6", 2)]
    [InlineData("nonsense", 4)]
    [InlineData(null, 4)]
    public void Threads_of_a_core_count_once_and_only_those_this_process_may_use(string? allowed, int cores)
    {
        // Two packages of two cores of two threads; the second threads are 4 … 7.
        for (int cpu = 0; cpu < 8; cpu++) AddProcessor(cpu, package: cpu % 4 / 2, core: cpu % 2);
        Directory.CreateDirectory(Path.Combine(_folder, "cpufreq"));
        string status = Path.Combine(_folder, "status");
        if (allowed is not null) File.WriteAllText(status, $"Name:\tpercheron\nCpus_allowed:\tff\nCpus_allowed_list:\t{allowed}\n");
        Assert.Equal(cores, PhysicalCores.Read(_folder, status));
    }

    [Fact]
    public void Where_the_system_does_not_tell_every_processor_counts()
    {
        Assert.Equal(Environment.ProcessorCount, PhysicalCores.Read(Path.Combine(_folder, "none"), "none"));
        Assert.Equal(Environment.ProcessorCount, PhysicalCores.Read(_folder, "none"));
        Assert.InRange(PhysicalCores.Count, 1, Environment.ProcessorCount);
    }

    private void AddProcessor(int number, int package, int core)
    {
        string topology = Directory.CreateDirectory(Path.Combine(_folder, $"cpu{number}", "topology")).FullName;
        File.WriteAllText(Path.Combine(topology, "physical_package_id"), $"{package}\n");
        File.WriteAllText(Path.Combine(topology, "core_id"), $"{core}\n");
    }
}
