using Percheron.Formats;

namespace Percheron.Models;

/// <summary>All weights of a transformer, used in place from the mapped file; a model and its views share one object.</summary>
/// <param name="File">The file the matrices lie in; kept alive here, closed by whoever opened it.</param>
/// <param name="Config">Sizes and choices.</param>
/// <param name="Embedding">[Vocab, HiddenSize].</param>
/// <param name="Positions">Learned positions [ContextLength or more, HiddenSize], or null.</param>
/// <param name="Layers">One entry per layer.</param>
/// <param name="OutputNorm">Norm before the vocabulary projection; null where that reads the stream as it is.</param>
/// <param name="Output">[Vocab, HiddenSize]; the embedding itself where heads are tied.</param>
internal sealed record TransformerWeights(
    GgufFile File, TransformerConfig Config, WeightMatrix Embedding, WeightMatrix? Positions, LayerWeights[] Layers, Norm? OutputNorm, Projection Output)
{
    /// <summary>Whether every matrix is stored as F32.</summary>
    public bool IsSinglePrecision => Matrices.All(matrix => matrix.Type == TensorType.F32);

    /// <summary>Whether any matrix is multiplied by decoding its rows.</summary>
    public bool NeedsDecoding => Matrices.Any(matrix => matrix.IsDecoded);

    /// <summary>Floats of the longest row of a product.</summary>
    public int WidestInput => Matrices.Max(matrix => matrix.Inputs);

    /// <summary>Whether layers attend to an encoder's states.</summary>
    public bool Listens => Layers.Any(layer => layer.Cross is not null);

    /// <summary>Floats that the first layer reads beside the residual stream.</summary>
    public int Beside => Layers.Length > 0 ? Layers[0].Query.Matrix.Inputs - Config.HiddenSize : 0;

    /// <summary>Rotary tables, shared by a model and its views; null where positions are learned.</summary>
    public RopeTables? Rope { get; } = Config.Rope is { } rope ? new RopeTables(rope, Config.ContextLength) : null;

    /// <summary>What the caches of a model and of all its views are told by: the weights as the file has them.</summary>
    public TransformerWeights Family => ConvertedFrom ?? this;

    /// <summary>The weights that these are a copy of in another precision; null for those of a file.</summary>
    public TransformerWeights? ConvertedFrom { get; init; }

    /// <summary>The target's weights, of which a head borrows some; null for a model by itself.</summary>
    public TransformerWeights? Borrowed { get; init; }

    /// <summary>Refuses to go on with weights that are no longer there.</summary>
    /// <exception cref="ObjectDisposedException">The file is closed.</exception>
    public unsafe void RequireOpen()
    {
        File.Data(File.Tensors[0]);
        Borrowed?.RequireOpen();
    }

    /// <summary>Packs the matrices of all products, but for those that are packed already.</summary>
    public TransformerWeights Pack(int threads, TimeProvider time)
    {
        new WeightPacker(Matrices).Run(threads, time);
        return this;
    }

    private IEnumerable<WeightMatrix> Matrices => Layers.SelectMany(layer => layer.All).Append(Output).Select(projection => projection.Matrix);

    /// <summary>Stored bytes that one row with logits reads when the given layers run.</summary>
    public long BytesPerRow(ReadOnlySpan<int> layers)
    {
        long bytes = Output.Matrix.Bytes;
        foreach (int layer in layers) bytes += Layers[layer].Projections.Sum(projection => projection.Matrix.Bytes);
        return bytes;
    }
}
