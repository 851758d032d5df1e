namespace Percheron.Cli.Bench;

/// <summary>What is paired with another program.</summary>
/// <param name="Own">How to start this program, up to and without the command's name.</param>
/// <param name="Passed">Options of the bench that are options of <c>generate</c> too, as they were given.</param>
/// <param name="Drafters">Canonical specs; null is the standard one.</param>
/// <param name="Verifiers">Canonical specs.</param>
/// <param name="Temperatures">0 is greedy.</param>
/// <param name="Prompts">Texts.</param>
/// <param name="MaxTokens">Of each run.</param>
/// <param name="Seed">Of each run.</param>
/// <param name="Repeats">Pairs for each prompt; at least 1.</param>
internal sealed record AgainstPlan(
    IReadOnlyList<string> Own, IReadOnlyList<string> Passed, IReadOnlyList<string?> Drafters, IReadOnlyList<string> Verifiers, IReadOnlyList<float> Temperatures,
    IReadOnlyList<string> Prompts, int MaxTokens, ulong Seed, int Repeats);
