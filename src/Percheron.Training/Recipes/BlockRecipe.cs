using Percheron.Formats;
using Percheron.Models;
using Percheron.Models.Heads;
using Percheron.Training.Nets;
using Percheron.Training.Runs;

namespace Percheron.Training.Recipes;

/// <summary>A recipe for a block draft.</summary>
/// <param name="kind">What its file calls itself.</param>
/// <param name="sizes">Rows of a block, layers, inner size of their feed-forward halves, rank of the bias by the token before.</param>
public abstract class BlockRecipe(string kind, (int Rows, int Layers, int Inner, int Rank) sizes) : HeadRecipe<BlockNet>
{
    /// <inheritdoc/>
    public override IReadOnlyList<int> States(LlamaShape target) => [.. Reads(target), target.Layers + 1];

    /// <inheritdoc/>
    public override BlockNet Create(TargetHead target, ulong seed) =>
        new(target, new BlockPlan(target.Shape with { Layers = sizes.Layers, FeedForward = sizes.Inner }, Reads(target.Shape), sizes.Rows, kind == "dspark" ? 0 : 1, sizes.Rank), seed);

    /// <inheritdoc/>
    /// <remarks>A row holds many blocks.</remarks>
    public override RunOptions Options(RunOptions given) => given with { RowsPerStep = 4 };

    /// <inheritdoc/>
    public override void Export(BlockNet net, TargetHead target, string path) => Export(net, target, path, TensorType.Q8_0);

    /// <summary>Writes the network with matrices of a type.</summary>
    public void Export(BlockNet net, TargetHead target, string path, TensorType matrices) => Training.Export.HeadFile.Write(path, net, target, kind, matrices, writer =>
    {
        LlamaShape shape = net.Plan.Shape;
        foreach ((string key, int value) in new[]
        {
            ("block_count", shape.Layers), ("context_length", shape.Context), ("feed_forward_length", shape.FeedForward),
            ("attention.head_count", shape.Heads), ("attention.head_count_kv", shape.KeyHeads), ("attention.key_length", shape.HeadSize), ("attention.value_length", shape.HeadSize),
            ("block_size", net.Plan.Rows),
        }) writer.Add($"{kind}.{key}", (uint)value);
        writer.Add($"{kind}.attention.layer_norm_rms_epsilon", LlamaShape.Epsilon);
        writer.Add($"{kind}.rope.freq_base", LlamaShape.RopeBase);
        writer.Add($"{kind}.states", net.Plan.States.ToArray());
        if (net.Plan.Rank == 0) return;
        writer.Add($"{kind}.markov_rank", (uint)net.Plan.Rank);
        writer.Add($"{kind}.temperatures", net.Temperatures);
    });

    /// <inheritdoc/>
    public override string Spec(string path) => $"{kind}(@{path})";

    /// <summary>The runtime's form of an exported file; it ends with the process.</summary>
    protected static IHead Open(Transformer target, string path) => HeadFile.Open(path, target).Head;

    // Low, middle and high, a quarter of the depth apart.
    private static int[] Reads(LlamaShape target) => [.. new[] { target.Layers / 4, target.Layers / 2, 3 * target.Layers / 4 }.Distinct()];
}
