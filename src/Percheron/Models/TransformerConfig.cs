namespace Percheron.Models;

/// <summary>Sizes and choices that make a decoder-only transformer what it is; the forward pass reads nothing else.</summary>
public sealed record TransformerConfig
{
    /// <summary>The name the file gives its architecture.</summary>
    public required string Architecture { get; init; }

    public required int LayerCount { get; init; }

    /// <summary>Floats of the residual stream.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>Query heads.</summary>
    public required int HeadCount { get; init; }

    /// <summary>Key and value heads; divides <see cref="HeadCount"/>.</summary>
    public required int KeyValueHeadCount { get; init; }

    /// <summary>Floats of a query, key or value head.</summary>
    public required int HeadSize { get; init; }

    /// <summary>Inner floats of the feed-forward layer.</summary>
    public required int FeedForwardSize { get; init; }

    public required int Vocab { get; init; }

    /// <summary>Positions of a cache: what the model was made for, bounded by the options.</summary>
    public required int ContextLength { get; init; }

    public required NormKind Norm { get; init; }

    /// <summary>Added to the variance (or mean square) before the root.</summary>
    public required float NormEpsilon { get; init; }

    public required FeedForwardKind FeedForward { get; init; }

    /// <summary>Factor on query · key.</summary>
    public required float AttentionScale { get; init; }

    /// <summary>Rotary embedding, or null where positions are learned.</summary>
    public RopeConfig? Rope { get; init; }

    /// <summary>Newest positions a row may attend to, itself included; 0 = all.</summary>
    public int SlidingWindow { get; init; }

    /// <summary>Whether every row attends to all rows of its forward, those behind it included, as in an encoder.</summary>
    public bool Bidirectional { get; init; }

    /// <summary>Floats of the encoder's states that every layer attends to beside the text; 0 where there are none.</summary>
    public int StateSize { get; init; }

    /// <summary>Floats of all query heads.</summary>
    public int QuerySize => HeadCount * HeadSize;

    /// <summary>Floats of all key heads, and of all value heads.</summary>
    public int KeyValueSize => KeyValueHeadCount * HeadSize;
}
