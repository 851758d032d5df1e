namespace Percheron.Cli.Output;

/// <summary><c>widen --json</c>.</summary>
internal sealed record WidenReport(string Input, string Output, int Factor, long InputParameters, long OutputParameters, long InputBytes, long OutputBytes);
