using Percheron.Formats;
using Percheron.Kernels;
using Percheron.Models.Architectures;

namespace Percheron.Models.Heads;

/// <summary>
/// Transformer layers of a head's own, over caches of their own: rows enter as hidden states and leave as such, or as logits. What the head's file lacks of norm and vocabulary projection is the target's.
/// </summary>
/// <remarks>
/// The file holds <c>blk.0.…</c> and sizes as a llama file does, with the head's architecture as prefix. A layer may lack <c>attn_norm</c> (attention reads the stream as it is) and all of
/// <c>ffn_…</c>. Widening: every axis is as in a llama file.
/// </remarks>
internal sealed class HeadLayers : IDisposable
{
    private readonly TransformerWeights _weights;
    private readonly CacheType _cacheType;
    private readonly int[] _layers;
    private readonly ForwardPass _pass;

    private HeadLayers(TransformerWeights weights, CacheType cacheType, ThreadTeam team)
    {
        (_weights, _cacheType) = (weights, cacheType);
        _layers = [.. Enumerable.Range(0, weights.Config.LayerCount)];
        _pass = new ForwardPass(weights, new EmbeddingTable(weights), _layers, team);
        WeightBytes = weights.BytesPerRow(_layers);
    }

    /// <summary>Sizes; the vocabulary is that of the projection that is used.</summary>
    public TransformerConfig Config => _weights.Config;

    /// <summary>Floats of a row that enters: what the first layer reads beside the stream stands behind the stream.</summary>
    public int EntrySize => Config.HiddenSize + _weights.Beside;

    /// <summary>Bytes of weights that the forward of one row with logits reads.</summary>
    public long WeightBytes { get; }

    /// <summary>Reads the layers in a head's file.</summary>
    /// <param name="tensors">The file, and the target whose tensors stand for those it lacks.</param>
    /// <param name="team">Threads that run the layers; not disposed here.</param>
    /// <param name="beside">Floats that the first layer's attention reads beside the residual stream, and before it.</param>
    /// <param name="normalizes">Whether a norm stands before the vocabulary projection.</param>
    /// <exception cref="ModelFormatException">A key or tensor is missing or wrong, or the head was made for another width.</exception>
    public static HeadLayers Load(HeadTensors tensors, ThreadTeam team, int beside = 0, bool normalizes = true)
    {
        (GgufFile file, Transformer target) = (tensors.File, tensors.Target);
        TransformerConfig config = new ConfigReader(file, tensors.Architecture, Architecture.Head).Read(new ModelOptions { ContextLength = target.ContextLength }, target.Vocab);
        var reader = new WeightReader(file, Architecture.Head, config, beside);
        Projection output = target.Weights.Output;
        if (file.TryGetTensor("output.weight", out TensorInfo? own))
        {
            if (own.Rows > target.Vocab) throw file.Fault(own, $"tensor 'output.weight' has {own.Rows} rows and the target {target.Vocab} tokens");
            output = reader.Projection("output", (int)own.Rows, config.HiddenSize);
        }
        Norm? norm = null;
        if (normalizes && reader.Has("output_norm.weight")) norm = reader.Norm("output_norm");
        else if (normalizes && target.Config.Norm != config.Norm) throw new ModelFormatException(file.Path, 0, "tensor 'output_norm.weight' is missing, and the target's norm is of another kind than this head's");
        else if (normalizes) norm = target.Weights.OutputNorm;
        config = config with { Vocab = output.Matrix.Outputs };
        var weights = new TransformerWeights(file, config, target.Weights.Embedding, null, reader.Layers(), norm, output) { Borrowed = target.Weights };
        return new HeadLayers(weights.Pack(team.Threads, TimeProvider.System), target.CacheType, team);
    }

    /// <summary>An empty cache; the caller disposes it.</summary>
    public KvCache NewCache() => new TransformerCache(_weights, _cacheType, _layers);

    /// <summary>
    /// Evaluates rows that were added by <see cref="Rows.AddHidden"/> at layer 0 [<see cref="EntrySize"/>]. Hidden state <see cref="TransformerConfig.LayerCount"/> of a row is what leaves the
    /// last layer, the one behind it what the vocabulary projection reads.
    /// </summary>
    public void Forward(ReadOnlySpan<Rows> batch) => _pass.Run(batch);

    /// <inheritdoc/>
    public void Dispose() => _pass.Dispose();
}
