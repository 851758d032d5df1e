namespace Percheron.Cli.Output;

/// <summary>One tensor; the shape is outermost first, so a matrix is [rows, columns].</summary>
internal sealed record TensorReport(string Name, string Type, IReadOnlyList<long> Shape, long Bytes);
