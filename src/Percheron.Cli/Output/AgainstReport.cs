namespace Percheron.Cli.Output;

/// <summary><c>bench --against --json</c>.</summary>
/// <param name="Against">The other program's command line.</param>
/// <param name="Measure"><c>wall_seconds</c> of the whole process, or <c>tokens_per_second</c>.</param>
/// <param name="Prompts">Number of prompts.</param>
/// <param name="MaxTokens">Of each run.</param>
/// <param name="Repeats">Pairs for each prompt.</param>
/// <param name="Seed">Of each run.</param>
/// <param name="Rows">One for each combination.</param>
internal sealed record AgainstReport(string Against, string Measure, int Prompts, int MaxTokens, int Repeats, ulong Seed, IReadOnlyList<AgainstRow> Rows);
