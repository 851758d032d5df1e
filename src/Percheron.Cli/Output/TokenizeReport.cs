namespace Percheron.Cli.Output;

/// <summary><c>tokenize --json</c>.</summary>
/// <param name="Tokens">Ids.</param>
/// <param name="Pieces">Each token as the vocabulary writes it.</param>
internal sealed record TokenizeReport(int[] Tokens, string[] Pieces);
