namespace Percheron.Cli.Output;

/// <summary>One drafter with one verifier at one temperature, beside another program.</summary>
/// <param name="Drafter">Canonical spec of who guessed here.</param>
/// <param name="Verifier">Canonical spec.</param>
/// <param name="Temperature">0 is greedy.</param>
/// <param name="Own">Seconds or tokens per second of this program (see <see cref="AgainstReport.Measure"/>).</param>
/// <param name="Other">The same of the other program.</param>
/// <param name="Ratio">How many times faster this program was, over pairs of neighbouring runs.</param>
/// <param name="Pairs">Prompts × repeats.</param>
internal sealed record AgainstRow(string Drafter, string Verifier, float Temperature, Spread Own, Spread Other, Spread Ratio, int Pairs);
