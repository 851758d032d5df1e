namespace Percheron.Cli.Output;

/// <summary><c>quantize --json</c>.</summary>
internal sealed record QuantizeReport(string Input, string Output, string Type, long InputBytes, long OutputBytes, IReadOnlyList<FallbackReport> Fallbacks);

/// <summary>A matrix that could not take the type, because its blocks do not divide the columns.</summary>
internal sealed record FallbackReport(string Tensor, long Columns, string Stored);
