namespace Percheron.Cli.Output;

/// <summary><c>score --json</c>.</summary>
/// <param name="Tokens">What was scored.</param>
/// <param name="LogProbabilities">Natural logarithms, as many as tokens; the first is null.</param>
/// <param name="Perplexity">The exponential of the mean negative log-probability.</param>
internal sealed record ScoreReport(int[] Tokens, double?[] LogProbabilities, double Perplexity);
