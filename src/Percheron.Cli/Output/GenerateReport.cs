using System.Text.Json.Serialization;
using Percheron.Cli.Generation;
using Percheron.Cli.Hosting;

namespace Percheron.Cli.Output;

/// <summary><c>generate --json</c>.</summary>
internal sealed record GenerateReport
{
    public required string Model { get; init; }

    public required string Drafter { get; init; }

    public required string Verifier { get; init; }

    /// <summary>True where acceptance was forced, absent otherwise: the text then means nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Synthetic { get; init; }

    public required ulong Seed { get; init; }

    public required float Temperature { get; init; }

    public required int[] PromptTokens { get; init; }

    public required int[] Tokens { get; init; }

    public required string Text { get; init; }

    /// <summary><c>stop</c>, <c>length</c> or <c>cancelled</c>.</summary>
    public required string FinishReason { get; init; }

    public required StatsReport Stats { get; init; }

    public required BudgetReport Budget { get; init; }

    /// <summary>With <c>--logprobs</c>: natural logarithm of the model's own probability of each output token.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double[]? LogProbabilities { get; init; }

    /// <summary>With <c>--logprobs N</c>: the N most probable tokens in the place of each output token.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public AlternativeReport[][]? TopLogProbabilities { get; init; }

    /// <summary>With <c>--samples</c> above 1: all texts; what stands above is the first one's, <see cref="Stats"/> are of all.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SampleReport[]? Samples { get; init; }

    public static GenerateReport Of(GenerationRequest request, GenerationResult result, ModelHost host) => new()
    {
        Model = host.TargetPath,
        Drafter = result.Drafter,
        Verifier = result.Verifier,
        Synthetic = result.Synthetic is not null,
        Seed = request.Seed,
        Temperature = request.Sampling.Temperature,
        PromptTokens = request.Prompt,
        Tokens = result.Tokens,
        Text = result.Text,
        FinishReason = result.FinishText,
        Stats = StatsReport.Of(result),
        Budget = BudgetReport.Of(result),
        LogProbabilities = request.LogProbabilities < 0 ? null : [.. result.Samples[0].LogProbabilities.Select(t => t.LogProbability)],
        TopLogProbabilities = request.LogProbabilities < 0 ? null : [.. result.Samples[0].LogProbabilities.Select(t => AlternativeReport.Of(t, host))],
        Samples = SampleReport.Of(result),
    };
}
