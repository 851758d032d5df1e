using System.Text.Json.Serialization;

namespace Percheron.Cli.Output;

/// <summary>A score of one contender with its 95 % bootstrap interval.</summary>
internal sealed record MetricRow(string Name, bool HigherIsBetter, double Value, double Low, double High)
{
    /// <summary>Compared with plain decoding on the same prompts; absent for plain decoding itself.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public LossRow? Loss { get; init; }
}
