namespace Percheron.Models;

/// <summary>The weights of one layer. Projections that share a stored matrix are slices of it.</summary>
internal sealed record LayerWeights
{
    public required Norm AttentionNorm { get; init; }

    /// <summary>[QuerySize, HiddenSize].</summary>
    public required Projection Query { get; init; }

    /// <summary>[KeyValueSize, HiddenSize].</summary>
    public required Projection Key { get; init; }

    /// <summary>[KeyValueSize, HiddenSize].</summary>
    public required Projection Value { get; init; }

    /// <summary>Weight of the norm of each query head [HeadSize], where the architecture has one.</summary>
    public WeightVector? QueryNorm { get; init; }

    /// <summary>Weight of the norm of each key head [HeadSize], where the architecture has one.</summary>
    public WeightVector? KeyNorm { get; init; }

    /// <summary>[HiddenSize, QuerySize].</summary>
    public required Projection Output { get; init; }

    public required Norm FeedForwardNorm { get; init; }

    /// <summary>[FeedForwardSize, HiddenSize], or null where the feed-forward layer has no gate.</summary>
    public Projection? Gate { get; init; }

    /// <summary>[FeedForwardSize, HiddenSize].</summary>
    public required Projection Up { get; init; }

    /// <summary>[HiddenSize, FeedForwardSize].</summary>
    public required Projection Down { get; init; }

    /// <summary>Forms of activations that the query, key and value projections read.</summary>
    public ActivationKinds QkvKinds => Query.Matrix.Kind | Key.Matrix.Kind | Value.Matrix.Kind;

    /// <summary>Forms of activations that the gate and up projections read.</summary>
    public ActivationKinds FeedForwardKinds => Up.Matrix.Kind | (Gate?.Matrix.Kind ?? ActivationKinds.None);

    /// <summary>Every projection there is.</summary>
    public IEnumerable<Projection> Projections => Gate is null ? [Query, Key, Value, Output, Up, Down] : [Query, Key, Value, Output, Gate, Up, Down];
}
