namespace Percheron.Models.Heads;

/// <summary>What a block draft reads: how the target's states become context, layers of its own, what it borrows.</summary>
internal sealed record BlockWeights
{
    /// <summary>Whose embeddings it reads, and whose projections where it has none.</summary>
    public required Transformer Target { get; init; }

    /// <summary>Sizes of its layers; the hidden size is the target's.</summary>
    public required TransformerConfig Config { get; init; }

    public required LayerWeights[] Layers { get; init; }

    /// <summary>[HiddenSize, states · HiddenSize]: the target's states of a position, one behind the other, to one vector.</summary>
    public required Projection Fusion { get; init; }

    /// <summary>Norm of that vector: what every layer makes keys and values of.</summary>
    public required Norm FusionNorm { get; init; }

    /// <summary>What stands at every position of a block but the first [HiddenSize].</summary>
    public required float[] Mask { get; init; }

    /// <summary>Rows of a block: the last known token and masks.</summary>
    public required int Rows { get; init; }

    /// <summary>First row of a block that guesses: 1 where a row guesses the token at its own position, 0 where it guesses the next one.</summary>
    public required int FirstGuess { get; init; }

    public required Norm? OutputNorm { get; init; }

    public required HeadOutput Output { get; init; }

    /// <summary>What makes guesses depend on the token before them; null where they do not.</summary>
    public MarkovWeights? Markov { get; init; }

    /// <summary>Guesses of a block.</summary>
    public int Guesses => Rows - FirstGuess;

    /// <summary>Bytes of the matrices that one block reads.</summary>
    public long Bytes => Layers.SelectMany(layer => layer.Projections).Append(Fusion).Sum(projection => projection.Matrix.Bytes) + Output.Bytes + (Markov?.After.Matrix.Bytes ?? 0);

    /// <summary>Rotary tables; null where there is no rotation.</summary>
    public RopeTables? Rope { get; init; }

    /// <summary>Whether keys and values are kept as halves.</summary>
    public bool Half { get; init; }

    /// <summary>Floats of the longest row of its layers that is decoded before it is multiplied; 0 where none is.</summary>
    public int Decoded => Layers.SelectMany(layer => layer.Projections).Select(projection => projection.Matrix).Where(matrix => matrix.IsDecoded).Select(matrix => matrix.Inputs).DefaultIfEmpty().Max();
}
