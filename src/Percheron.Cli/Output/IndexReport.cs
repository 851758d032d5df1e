namespace Percheron.Cli.Output;

/// <summary>What <c>index --json</c> prints.</summary>
internal sealed record IndexReport(string Corpus, string Output, int Documents, long Tokens, long OutputBytes);
