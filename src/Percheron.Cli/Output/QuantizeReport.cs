namespace Percheron.Cli.Output;

/// <summary><c>quantize --json</c>.</summary>
internal sealed record QuantizeReport(string Input, string Output, string Type, long InputBytes, long OutputBytes, IReadOnlyList<FallbackReport> Fallbacks);
