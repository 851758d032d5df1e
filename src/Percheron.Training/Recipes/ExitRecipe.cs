using Percheron.Formats;
using Percheron.Models;
using Percheron.Models.Heads;
using Percheron.Training.Nets;

namespace Percheron.Training.Recipes;

/// <summary>A recipe for what stands at an early exit.</summary>
/// <param name="kind">What its file calls itself.</param>
/// <param name="exit">Layers of the target that run before it.</param>
/// <param name="inner">Inner size of its feed-forward half; 0 leaves it out.</param>
public abstract class ExitRecipe(string kind, int exit, int inner) : HeadRecipe<ExitNet>
{
    /// <inheritdoc/>
    public override IReadOnlyList<int> States(LlamaShape target) => [exit, target.Layers + 1];

    /// <inheritdoc/>
    public override ExitNet Create(TargetHead target, ulong seed) => new(target, exit, inner, seed);

    /// <inheritdoc/>
    public override void Export(ExitNet net, TargetHead target, string path) => Export(net, target, path, TensorType.Q8_0);

    /// <summary>Writes the network with matrices of a type.</summary>
    public void Export(ExitNet net, TargetHead target, string path, TensorType matrices) => Training.Export.HeadFile.Write(path, net, target, kind, matrices, writer =>
    {
        LlamaShape shape = net.Shape;
        foreach ((string key, int value) in new[]
        {
            ("block_count", 1), ("context_length", shape.Context), ("feed_forward_length", Math.Max(shape.FeedForward, 1)),
            ("attention.head_count", shape.Heads), ("attention.head_count_kv", shape.KeyHeads), ("attention.key_length", shape.HeadSize), ("attention.value_length", shape.HeadSize),
        }) writer.Add($"{kind}.{key}", (uint)value);
        writer.Add($"{kind}.attention.layer_norm_rms_epsilon", LlamaShape.Epsilon);
        writer.Add($"{kind}.rope.freq_base", LlamaShape.RopeBase);
        writer.Add($"{kind}.states", new[] { exit });
    });

    /// <inheritdoc/>
    public override string Spec(string path) => $"{kind}(@{path})";

    /// <summary>The runtime's form of an exported file; it ends with the process.</summary>
    protected static IExit Open(Transformer target, string path) => (IExit)HeadFile.Open(path, target).Content;
}
