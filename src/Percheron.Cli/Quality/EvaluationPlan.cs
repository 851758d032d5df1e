namespace Percheron.Cli.Quality;

/// <summary>What an evaluation does.</summary>
/// <param name="Contenders">Plain decoding first.</param>
/// <param name="Samples">Prompts that are answered by everybody.</param>
/// <param name="SpeedSamples">Prompts that are answered alone and timed, from the first.</param>
/// <param name="Turns">How often each of those.</param>
/// <param name="Batch">Prompts of one batch.</param>
internal sealed record EvaluationPlan(IReadOnlyList<Contender> Contenders, int Samples, int SpeedSamples, int Turns, int Batch);
