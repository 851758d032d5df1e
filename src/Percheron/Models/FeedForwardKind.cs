namespace Percheron.Models;

/// <summary>What stands between the two projections of a feed-forward layer.</summary>
public enum FeedForwardKind
{
    /// <summary>SiLU of a gate times a second projection.</summary>
    GatedSilu,

    /// <summary>GELU (tanh form, in half precision) of one projection.</summary>
    Gelu,

    /// <summary>GELU (by the error function) of one projection.</summary>
    ExactGelu,
}
