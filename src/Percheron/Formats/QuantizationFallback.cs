namespace Percheron.Formats;

/// <summary>A matrix that could not take the wanted type because its blocks do not divide the columns.</summary>
/// <param name="Tensor">Name of the matrix.</param>
/// <param name="Columns">What the wanted block does not divide.</param>
/// <param name="Stored">The type it was written as instead.</param>
public sealed record QuantizationFallback(string Tensor, long Columns, TensorType Stored);
