using System.Text.Json.Serialization;

namespace Percheron.Cli.Output;

/// <summary><c>bench --json</c>.</summary>
internal sealed record BenchReport(string Model, string? Draft, int Threads, int Prompts, int MaxTokens, int Repeats, ulong Seed, IReadOnlyList<BenchRow> Rows)
{
    /// <summary>True where acceptance was forced, absent otherwise.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Synthetic { get; init; }
}
