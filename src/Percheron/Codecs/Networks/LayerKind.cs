namespace Percheron.Codecs.Networks;

/// <summary>What a layer of a small network does. Its name in lower case begins the layer's description.</summary>
public enum LayerKind
{
    /// <summary>Convolution in two dimensions; sequences have height 1.</summary>
    Conv,

    /// <summary>A product over the channels of each position.</summary>
    Linear,

    /// <summary>The vectors of ids; only as the first layer.</summary>
    Embedding,

    /// <summary>x where it is positive, else 0.</summary>
    Relu,

    /// <summary>x ÷ (1 + e^−x).</summary>
    Silu,

    /// <summary>½ x (1 + erf(x ÷ √2)).</summary>
    Gelu,

    /// <summary>1 ÷ (1 + e^−x).</summary>
    Sigmoid,

    /// <summary>Normalisation over groups of channels.</summary>
    GroupNorm,

    /// <summary>Vectors of length 1 over the channels of each position.</summary>
    Unit,

    /// <summary>Each position repeated, down and across.</summary>
    Upsample,

    /// <summary>Channels put beside each other as positions. Source: Shi et al. 2016, "sub-pixel convolution".</summary>
    Shuffle,

    /// <summary>The mean over all positions.</summary>
    Pool,

    /// <summary>All positions' channels, row by row, as the channels of one.</summary>
    Flatten,

    /// <summary>Begins layers whose result is added to their input.</summary>
    Residual,

    /// <summary>Ends them.</summary>
    End,
}
