using System.Text.Json.Serialization;

namespace Percheron.Cli.Output;

/// <summary>One drafter with one verifier at one temperature.</summary>
/// <param name="Drafter">Canonical spec.</param>
/// <param name="Verifier">Canonical spec.</param>
/// <param name="Temperature">0 is greedy.</param>
/// <param name="AcceptedLength">τ: committed tokens for each step, over all runs together.</param>
/// <param name="Acceptance">α: accepted candidates for each one offered; null where none was.</param>
/// <param name="TokensPerSecond">Median over runs, after the warm-up step.</param>
/// <param name="RatioToPlain">Median over pairs of runs on the same prompt in the same turn.</param>
/// <param name="Runs">Prompts × repeats.</param>
/// <param name="Identical">Runs whose output is that of plain decoding.</param>
internal sealed record BenchRow(
    string Drafter, string Verifier, float Temperature, double AcceptedLength, double? Acceptance, double TokensPerSecond, double RatioToPlain, int Runs, int Identical)
{
    /// <summary>Share of the steps in which a candidate at depth 1, 2, … was accepted.</summary>
    public IReadOnlyList<double> AcceptedByDepth { get; init; } = [];

    /// <summary>Share of the steps that offered a candidate at depth 1, 2, …; what was accepted ÷ this is the acceptance by depth.</summary>
    public IReadOnlyList<double> OfferedByDepth { get; init; } = [];

    /// <summary>Time spent drafting in a step, as a share of a step of plain decoding.</summary>
    public double DraftCost { get; init; }

    /// <summary>Mean natural logarithm of the probability that the target itself, at temperature 1 and without top-k and the like, gives the tokens of the outputs; absent where nobody asked.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? MeanLogProbability { get; init; }
}
