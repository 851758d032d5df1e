using Percheron.Formats;
using Percheron.Kernels;
using Percheron.Models.Architectures;

namespace Percheron.Models;

/// <summary>
/// A decoder-only transformer from a GGUF file: llama, mistral, qwen2, qwen3, smollm, phi3 and gpt2. Weights are used where they lie in the mapped
/// file, in the precision they are stored in.
/// </summary>
/// <remarks>Source: Vaswani et al. 2017, "Attention Is All You Need", §3; the architectures name their own.</remarks>
public sealed class Transformer : ILayeredModel, IDisposable
{
    private readonly TransformerWeights _weights;
    private readonly EmbeddingTable _embeddings;
    private readonly ThreadTeam? _ownTeam;
    private readonly int[] _layers;
    private readonly ForwardPass _pass;
    private readonly CrossMemory? _memory;
    private bool _disposed;

    internal Transformer(TransformerWeights weights, ModelOptions options)
    {
        _weights = weights;
        _embeddings = new EmbeddingTable(weights);
        Team = options.Team ?? (_ownTeam = new ThreadTeam(options.ThreadCount));
        CacheType = options.CacheType != CacheType.Auto ? options.CacheType : weights.IsSinglePrecision ? CacheType.F32 : CacheType.F16;
        _layers = [.. Enumerable.Range(0, weights.Config.LayerCount)];
        _pass = new ForwardPass(weights, _embeddings, _layers, Team);
        WeightBytes = weights.BytesPerRow(_layers);
    }

    // A decoder that listens: everything but what it listens to is another's.
    private Transformer(Transformer decoder, CrossMemory memory)
    {
        (_weights, _embeddings, _layers, _pass, _memory) = (decoder._weights, decoder._embeddings, decoder._layers, decoder._pass, memory);
        (Team, CacheType, WeightBytes) = (decoder.Team, decoder.CacheType, decoder.WeightBytes);
    }

    /// <summary>Sizes and choices, as the file gives them.</summary>
    public TransformerConfig Config => _weights.Config;

    /// <summary>Precision of the caches: F16 or F32.</summary>
    public CacheType CacheType { get; }

    /// <summary>Bytes of weights that the forward of one row with logits reads.</summary>
    public long WeightBytes { get; }

    /// <inheritdoc/>
    public int Vocab => Config.Vocab;

    /// <inheritdoc/>
    public int HiddenSize => Config.HiddenSize;

    /// <inheritdoc/>
    public int LayerCount => Config.LayerCount;

    /// <inheritdoc/>
    public int ContextLength => Config.ContextLength;

    /// <summary>Threads that share a forward; other models that run in turn with this one may use them too.</summary>
    public ThreadTeam Team { get; }

    /// <summary>What heads borrow.</summary>
    internal TransformerWeights Weights => _weights;

    /// <summary>Reads a model from an open file, which must stay open as long as the model is used and is closed by the caller.</summary>
    /// <exception cref="ModelFormatException">The architecture is not supported, or a metadata key or tensor is missing or wrong; the message names it.</exception>
    public static Transformer Load(GgufFile file, ModelOptions? options = null)
    {
        options ??= new ModelOptions();
        ConfigReader reader = new(file);
        return new Transformer(new WeightReader(file, reader.Architecture, reader.Read(options)).Read().Pack(options.ThreadCount, options.Time), options);
    }

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">This decoder listens no more.</exception>
    public KvCache NewCache()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return new TransformerCache(_weights, CacheType, _layers, _memory);
    }

    /// <inheritdoc/>
    /// <remarks>Calls from several threads take turns. Hidden states below the layer at which a row starts are given as zeros.</remarks>
    public void Forward(ReadOnlySpan<Rows> batch) => _pass.Run(batch);

    /// <inheritdoc/>
    public ModelView View(ReadOnlySpan<int> layers) => new(_weights, _embeddings, layers, Team, CacheType, memory: _memory);

    /// <inheritdoc cref="ILayeredModel.View(ViewOptions)"/>
    public ModelView View(ViewOptions options)
    {
        int[] layers = options.Layers is { } given ? [.. given] : _layers;
        int[]? tokens = options.Tokens is { } kept ? KeptOutputs.Checked(kept, Vocab) : null;
        TransformerWeights weights = tokens is null ? _weights : new KeptOutputs(tokens).Of(_weights);
        if (options.Precision is { } precision) weights = new WeightConverter(weights, precision, Team.Threads).Convert(layers);
        if (tokens is not null) KeptOutputs.Pack(weights);
        return new ModelView(weights, _embeddings, layers, Team, CacheType, options.Switches, tokens, _memory);
    }

    IModel ILayeredModel.View(ReadOnlySpan<int> layers) => View(layers);

    IModel ILayeredModel.View(ViewOptions options) => View(options);

    /// <summary>Writes the embedding of <paramref name="token"/> into <paramref name="vector"/> [HiddenSize].</summary>
    public void ReadEmbedding(int token, Span<float> vector)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(token);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(token, Vocab);
        _weights.Embedding.ReadRow(token, vector);
    }

    /// <summary>Replaces the embeddings that rows of <see cref="Rows.AddExtra"/> start from, here and in all views: [count, HiddenSize], copied.</summary>
    /// <exception cref="ArgumentException">The length is not a multiple of HiddenSize.</exception>
    public void SetExtraEmbeddings(ReadOnlySpan<float> embeddings) => _embeddings.SetExtras(embeddings);

    /// <summary>Adds embeddings that rows of <see cref="Rows.AddExtra"/> start from, here and in all views: [count, HiddenSize], copied. Not while a forward runs.</summary>
    /// <exception cref="ArgumentException">The length is not a multiple of HiddenSize.</exception>
    public Heads.ExtraInputs AddExtraEmbeddings(ReadOnlySpan<float> embeddings)
    {
        int first = _embeddings.AddExtras(embeddings);
        return new Heads.ExtraInputs(first, embeddings.Length / HiddenSize);
    }

    /// <summary>The same decoder over what an encoder has made of one input; it shares buffers and threads with this one, which outlives it.</summary>
    /// <param name="memory">Given away.</param>
    internal Transformer Over(CrossMemory memory) => new(this, memory);

    /// <summary>Frees buffers and ends the threads, unless they were given or are another's. Caches live on until they are disposed of.</summary>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        if (_memory is not null)
        {
            _memory.Release();
            return;
        }
        _pass.Dispose();
        _ownTeam?.Dispose();
    }
}
