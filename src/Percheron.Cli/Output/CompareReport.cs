using System.Text.Json.Serialization;

namespace Percheron.Cli.Output;

/// <summary><c>generate --compare --json</c>.</summary>
/// <param name="Model">The target's file.</param>
/// <param name="Drafter">Who guessed in the speculative runs.</param>
/// <param name="Verifier">Who decided in all runs.</param>
/// <param name="Seed">Of all runs.</param>
/// <param name="Temperature">Of all runs.</param>
/// <param name="Identical">Whether text and tokens of all runs are the same.</param>
/// <param name="FirstDifference">Index of the first output token that differs; null where none does.</param>
/// <param name="PromptTokens">The prompt.</param>
/// <param name="Tokens">Output of plain decoding.</param>
/// <param name="Text">Its text.</param>
/// <param name="FinishReason">Why plain decoding ended.</param>
/// <param name="Repeats">Runs of each kind.</param>
/// <param name="PlainTokensPerSecond">Median.</param>
/// <param name="SpeculativeTokensPerSecond">Median.</param>
/// <param name="Ratio">Median of the ratios of neighbouring runs.</param>
/// <param name="Plain">The last plain run.</param>
/// <param name="Speculative">The last speculative run.</param>
internal sealed record CompareReport(
    string Model, string Drafter, string Verifier, ulong Seed, float Temperature, bool Identical, int? FirstDifference, int[] PromptTokens, int[] Tokens, string Text,
    string FinishReason, int Repeats, double PlainTokensPerSecond, double SpeculativeTokensPerSecond, double Ratio, StatsReport Plain, StatsReport Speculative)
{
    /// <summary>With <c>--samples</c> above 1: the texts of plain decoding.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SampleReport[]? Samples { get; init; }

    /// <summary>With <c>--samples</c> above 1: the first text that differs.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? DifferentSample { get; init; }
}
