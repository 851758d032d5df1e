namespace Percheron.Models;

/// <summary>A matrix of a model with the bias that follows it, if any: y = W x + b.</summary>
internal sealed record Projection(WeightMatrix Matrix, WeightVector? Bias);
