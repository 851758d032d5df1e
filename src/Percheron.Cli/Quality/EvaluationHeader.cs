namespace Percheron.Cli.Quality;

/// <summary>The first line of an evaluation's log: what all its lines have in common. Lines of another evaluation are never added to it.</summary>
internal sealed record EvaluationHeader(string Modality, string Model, long ModelBytes, string? Draft, string Sampling, ulong Seed, int Threads);
