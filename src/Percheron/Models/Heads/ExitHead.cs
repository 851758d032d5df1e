using Percheron.Kernels;

namespace Percheron.Models.Heads;

/// <summary>What was trained for an early exit: a layer on the state that leaves the target's first layers, a norm, and a vocabulary projection, where the file has none the target's.</summary>
/// <remarks>
/// Source: Kangaroo, arXiv 2404.18911, §3.1 (attention and norms, no feed-forward); EESD, arXiv 2406.03853, §3.1 (a whole layer). Widening: every axis is as in a llama file.
/// </remarks>
internal sealed class ExitHead : IExit, IDisposable
{
    private readonly HeadLayers _layers;

    private ExitHead(HeadTensors tensors, ThreadTeam team)
    {
        FeatureSet states = tensors.States();
        if (states.Count != 1 || states.States[0] < 1 || states.States[0] >= tensors.Target.LayerCount) throw tensors.Fault("states", $"an exit reads one state, 1 to {tensors.Target.LayerCount - 1}");
        (Layer, StateSize, ContextLength) = (states.States[0], tensors.Target.HiddenSize, tensors.Target.ContextLength);
        _layers = HeadLayers.Load(tensors, team);
        if (_layers.EntrySize == StateSize && _layers.Config.Vocab == tensors.Target.Vocab) return;
        _layers.Dispose();
        throw tensors.Fault("embedding_length", "an exit reads the target's states as they are and answers about all of its tokens");
    }

    /// <inheritdoc/>
    public int Layer { get; }

    /// <inheritdoc/>
    public int StateSize { get; }

    /// <inheritdoc/>
    public int Vocab => _layers.Config.Vocab;

    /// <inheritdoc/>
    public int HiddenSize => StateSize;

    /// <inheritdoc/>
    public int LayerCount => _layers.Config.LayerCount;

    /// <inheritdoc/>
    public int ContextLength { get; }

    /// <summary>Reads one from its file.</summary>
    public static object Load(HeadTensors tensors, ThreadTeam team) => new ExitHead(tensors, team);

    /// <inheritdoc/>
    public KvCache NewCache() => _layers.NewCache();

    /// <inheritdoc/>
    public void Forward(ReadOnlySpan<Rows> batch) => _layers.Forward(batch);

    /// <inheritdoc/>
    public void Dispose() => _layers.Dispose();
}
