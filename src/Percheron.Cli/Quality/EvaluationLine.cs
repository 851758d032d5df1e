using System.Text.Json.Serialization;

namespace Percheron.Cli.Quality;

/// <summary>A line of an evaluation's log: outputs for a run of prompts, or what one prompt took.</summary>
/// <param name="Contender">Its name.</param>
/// <param name="First">Index of the first prompt.</param>
/// <param name="Outputs">Tokens of each prompt from there; null for a line about time.</param>
/// <param name="Steps">Sequence-steps it took.</param>
/// <param name="Committed">Tokens of them.</param>
internal sealed record EvaluationLine(string Contender, int First, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int[][]? Outputs, long Steps, long Committed)
{
    /// <summary>Wall time of the whole answer alone, from prompt to artefact.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double Ms { get; init; }

    /// <summary>The same of plain decoding in the same turn.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double PlainMs { get; init; }

    /// <summary>Which of several turns on the same prompt.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Turn { get; init; }
}
