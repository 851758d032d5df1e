using Percheron.Cli.Generation;

namespace Percheron.Cli.Bench;

/// <summary>What a bench runs: every drafter, and plain decoding, with every verifier at every temperature over every prompt.</summary>
/// <param name="Drafters">Canonical specs, plain decoding first.</param>
/// <param name="Verifiers">Canonical specs.</param>
/// <param name="Requests">For each temperature the requests, one for each prompt.</param>
/// <param name="Repeats">Runs of each; at least 1.</param>
internal sealed record BenchPlan(IReadOnlyList<string> Drafters, IReadOnlyList<string> Verifiers, IReadOnlyList<IReadOnlyList<GenerationRequest>> Requests, int Repeats)
{
    /// <summary>Runs in all, warm-up not counted.</summary>
    public int Runs => Drafters.Count * Verifiers.Count * Requests.Sum(r => r.Count) * Repeats;
}
