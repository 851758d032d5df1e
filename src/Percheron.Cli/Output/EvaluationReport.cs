namespace Percheron.Cli.Output;

/// <summary><c>evaluate --json</c>.</summary>
internal sealed record EvaluationReport(string Modality, string About, string Model, string? Draft, int Threads, string Sampling, ulong Seed, int Samples, int SpeedSamples, int Turns, IReadOnlyList<EvaluationRow> Rows);
