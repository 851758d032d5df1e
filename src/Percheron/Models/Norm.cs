namespace Percheron.Models;

/// <summary>The parameters of one normalization; <paramref name="Bias"/> belongs to layer norms only and may be missing there too.</summary>
internal sealed record Norm(WeightVector Weight, WeightVector? Bias);
