namespace Percheron.Models;

/// <summary>How a hidden state is normalized.</summary>
public enum NormKind
{
    /// <summary>Division by the root mean square, then a weight.</summary>
    RootMeanSquare,

    /// <summary>Mean taken off, division by the standard deviation, then weight and bias.</summary>
    Layer,
}
