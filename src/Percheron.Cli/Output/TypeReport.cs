namespace Percheron.Cli.Output;

/// <summary>All tensors stored in one way.</summary>
internal sealed record TypeReport(string Type, int Tensors, long Parameters, long Bytes);
