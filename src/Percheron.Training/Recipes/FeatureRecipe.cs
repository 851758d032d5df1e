using Percheron.Formats;
using Percheron.Models;
using Percheron.Models.Heads;
using Percheron.Training.Nets;
using static TorchSharp.torch;

namespace Percheron.Training.Recipes;

/// <summary>A recipe for a network with one decoder layer that goes on with the target's states.</summary>
/// <typeparam name="TNet">The network.</typeparam>
/// <param name="kind">What its file calls itself.</param>
/// <param name="inner">Inner size of the layer's feed-forward half.</param>
public abstract class FeatureRecipe<TNet>(string kind, int inner) : HeadRecipe<TNet>
    where TNet : FeatureNet
{
    /// <inheritdoc/>
    public override void Export(TNet net, TargetHead target, string path) => Export(net, target, path, TensorType.Q8_0);

    /// <summary>Writes the network with matrices of a type.</summary>
    public void Export(TNet net, TargetHead target, string path, TensorType matrices) => Training.Export.HeadFile.Write(path, net, target, kind, matrices, writer =>
    {
        LlamaShape shape = net.Shape;
        foreach ((string key, int value) in new[]
        {
            ("block_count", 1), ("context_length", shape.Context), ("feed_forward_length", shape.FeedForward),
            ("attention.head_count", shape.Heads), ("attention.head_count_kv", shape.KeyHeads), ("attention.key_length", shape.HeadSize), ("attention.value_length", shape.HeadSize),
        }) writer.Add($"{kind}.{key}", (uint)value);
        writer.Add($"{kind}.attention.layer_norm_rms_epsilon", LlamaShape.Epsilon);
        writer.Add($"{kind}.rope.freq_base", LlamaShape.RopeBase);
        writer.Add($"{kind}.states", Reads(target.Shape).ToArray());
        Describe(net, writer);
    });

    /// <inheritdoc/>
    public override IReadOnlyList<int> States(LlamaShape target) => [.. Reads(target).Append(target.Layers + 1).Distinct().Order()];

    /// <summary>States that the network reads; the target's law is made of its last one.</summary>
    protected virtual IReadOnlyList<int> Reads(LlamaShape target) => [target.Layers + 1];

    /// <summary>Adds keys of the kind beyond sizes.</summary>
    protected virtual void Describe(TNet net, GgufWriter writer) { }

    /// <summary>The layer: heads as the target's.</summary>
    protected LlamaShape Shape(TargetHead target) => target.Shape with { Layers = 1, FeedForward = inner };

    /// <summary>The runtime's form of an exported file; it ends with the process.</summary>
    protected static IHead Open(Transformer target, string path) => HeadFile.Open(path, target).Head;

    /// <summary>Element type of products.</summary>
    protected static ScalarType Compute(TargetHead target) => target.Projection.dtype;
}
