using Percheron.Kernels;

namespace Percheron.Models;

/// <summary>
/// A transformer with fewer layers or fewer logits that shares the weights of another: what self-drafting methods draft with. Over an overlay of the target's cache it
/// reads the target's rows of its layers; over caches of its own it is a model by itself.
/// </summary>
/// <remarks>Source: Zhang et al. 2023, "Draft &amp; Verify", §3.1.</remarks>
public sealed class ModelView : IModel, IDisposable
{
    private readonly TransformerWeights _weights;
    private readonly int[] _layers;
    private readonly CacheType _cacheType;
    private readonly ForwardPass _pass;
    private readonly CrossMemory? _memory;

    internal ModelView(TransformerWeights weights, EmbeddingTable embeddings, ReadOnlySpan<int> layers, ThreadTeam team, CacheType cacheType, LayerSwitches? switches = null, int[]? tokens = null, CrossMemory? memory = null)
    {
        if (layers.IsEmpty) throw new ArgumentException("a view has at least one layer", nameof(layers));
        for (int i = 0; i < layers.Length; i++)
            if (layers[i] < (i == 0 ? 0 : layers[i - 1] + 1) || layers[i] >= weights.Config.LayerCount)
                throw new ArgumentException($"layers of a view ascend within 0…{weights.Config.LayerCount - 1}", nameof(layers));
        if (switches is not null && switches.Layers != weights.Config.LayerCount) throw new ArgumentException($"there are switches for {switches.Layers} layers and the model has {weights.Config.LayerCount}", nameof(switches));
        (_weights, _layers, _cacheType, _memory) = (weights, layers.ToArray(), cacheType, memory);
        _pass = new ForwardPass(weights, embeddings, _layers, team, switches, tokens);
        WeightBytes = weights.BytesPerRow(_layers);
    }

    /// <summary>The layers of the target that run, ascending.</summary>
    public ReadOnlySpan<int> Layers => _layers;

    /// <summary>Bytes of weights that the forward of one row with logits reads.</summary>
    public long WeightBytes { get; }

    /// <inheritdoc/>
    public int Vocab => _weights.Config.Vocab;

    /// <inheritdoc/>
    public int HiddenSize => _weights.Config.HiddenSize;

    /// <inheritdoc/>
    public int LayerCount => _layers.Length;

    /// <inheritdoc/>
    public int ContextLength => _weights.Config.ContextLength;

    /// <summary>An empty cache of this view alone. To read the rows of a target, use <see cref="KvCache.NewOverlay()"/> of its cache instead.</summary>
    public KvCache NewCache() => new TransformerCache(_weights, _cacheType, _layers, _memory);

    /// <inheritdoc/>
    public void Forward(ReadOnlySpan<Rows> batch) => _pass.Run(batch);

    /// <summary>Frees buffers; the target is untouched.</summary>
    public void Dispose() => _pass.Dispose();
}
