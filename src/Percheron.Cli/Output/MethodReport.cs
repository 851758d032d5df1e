namespace Percheron.Cli.Output;

/// <summary>One drafter or verifier in <c>drafters --json</c> and <c>verifiers --json</c>.</summary>
internal sealed record MethodReport(string Name, IReadOnlyList<string> Options, bool Lossless, string Source, IReadOnlyList<string> Examples);
