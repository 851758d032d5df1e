using System.Text.Json.Serialization;
using Percheron.Cli.Generation;

namespace Percheron.Cli.Output;

/// <summary>One text of several.</summary>
/// <param name="Index">Which one, from 0.</param>
/// <param name="Seed">That gives this text alone.</param>
/// <param name="Tokens">Output tokens.</param>
/// <param name="Text">Their text.</param>
/// <param name="FinishReason"><c>stop</c>, <c>length</c> or <c>cancelled</c>.</param>
internal sealed record SampleReport(int Index, ulong Seed, int[] Tokens, string Text, string FinishReason)
{
    /// <summary>With <c>--logprobs</c>: natural logarithm of the model's own probability of each output token.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double[]? LogProbabilities { get; init; }

    /// <summary>All texts of a run; null where there is one.</summary>
    public static SampleReport[]? Of(GenerationResult result) => result.Samples.Count == 1 ? null : [.. result.Samples.Select(s => new SampleReport(s.Index, s.Seed, s.Tokens, s.Text, s.FinishText)
    {
        LogProbabilities = s.LogProbabilities.Count == 0 ? null : [.. s.LogProbabilities.Select(t => t.LogProbability)],
    })];
}
