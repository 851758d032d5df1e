namespace Percheron.Models;

/// <summary>The weights of one layer. Projections that share a stored matrix are slices of it.</summary>
internal sealed record LayerWeights
{
    /// <summary>Null where attention reads the stream as it is.</summary>
    public required Norm? AttentionNorm { get; init; }

    /// <summary>[QuerySize, HiddenSize]; query, key and value may read more, which is given beside the stream and stands first.</summary>
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

    /// <summary>Attention to an encoder's states, between the two halves; null where there is none.</summary>
    public CrossWeights? Cross { get; init; }

    /// <summary>Null where there is no feed-forward layer.</summary>
    public required Norm? FeedForwardNorm { get; init; }

    /// <summary>[FeedForwardSize, HiddenSize], or null where the feed-forward layer has no gate.</summary>
    public Projection? Gate { get; init; }

    /// <summary>[FeedForwardSize, HiddenSize], or null where there is no feed-forward layer.</summary>
    public required Projection? Up { get; init; }

    /// <summary>[HiddenSize, FeedForwardSize], or null where there is no feed-forward layer.</summary>
    public required Projection? Down { get; init; }

    /// <summary>Forms of activations that the query, key and value projections read.</summary>
    public ActivationKinds QkvKinds => Query.Matrix.Kind | Key.Matrix.Kind | Value.Matrix.Kind;

    /// <summary>Forms of activations that the gate and up projections read.</summary>
    public ActivationKinds FeedForwardKinds => (Up?.Matrix.Kind ?? ActivationKinds.None) | (Gate?.Matrix.Kind ?? ActivationKinds.None);

    /// <summary>Every projection of a row.</summary>
    public IEnumerable<Projection> Projections => new[] { Query, Key, Value, Output, Cross?.Query, Cross?.Output, Gate, Up, Down }.OfType<Projection>();

    /// <summary>Every projection of a row, and of an encoder's states.</summary>
    public IEnumerable<Projection> All => Cross is { } cross ? Projections.Append(cross.Key).Append(cross.Value) : Projections;
}
