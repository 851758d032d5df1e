using BenchmarkDotNet.Attributes;
using Percheron.Kernels;

namespace Percheron.Benchmarks.Kernels;

/// <summary>Handing empty work to a team: the price of one stage of the forward pass.</summary>
public class ThreadTeamBenchmarks
{
    private readonly Empty _work = new();
    private ThreadTeam? _team;

    [Params(1, 2, 4)]
    public int Threads { get; set; }

    [GlobalSetup]
    public void Setup() => _team = new ThreadTeam(Threads);

    [GlobalCleanup]
    public void Cleanup() => _team?.Dispose();

    [Benchmark]
    public void Run() => _team!.Run(_work);

    private sealed class Empty : IWork
    {
        public void Execute(int part, int parts, int thread)
        {
        }
    }
}
