namespace Percheron.Cli.Output;

/// <summary>A matrix that could not take the type, because its blocks do not divide the columns.</summary>
internal sealed record FallbackReport(string Tensor, long Columns, string Stored);
