using Percheron.Decoding;
using Percheron.Drafters;
using Percheron.Formats;
using Percheron.Models;
using Percheron.Training.Export;
using Percheron.Training.Nets;
using Percheron.Training.Objectives;
using Percheron.Training.Runs;

namespace Percheron.Training.Recipes;

/// <summary>The heads of blockwise decoding.</summary>
/// <param name="heads">Guesses, 1 to 16.</param>
/// <param name="inner">Floats of the inner layer.</param>
/// <param name="soft">Share of the target's law beside the tokens of the text, 0 to 1.</param>
[Method(Source = "Blockwise parallel decoding, arXiv 1811.03115", Examples = ["blockwise"])]
public sealed class BlockwiseRecipe(int heads = 4, int inner = 512, double soft = 0.5) : HeadRecipe<BlockwiseNet>
{
    /// <inheritdoc/>
    public override IReadOnlyList<int> States(LlamaShape target) => [target.Layers + 1];

    /// <inheritdoc/>
    public override BlockwiseNet Create(TargetHead target, ulong seed) => new(target, heads, inner, seed);

    /// <inheritdoc/>
    public override IObjective<BlockwiseNet> Objective(TargetHead target) => new BlockwiseGuesses(soft);

    /// <inheritdoc/>
    public override RunOptions Options(RunOptions given) => given with { RowsPerStep = 4 };

    /// <inheritdoc/>
    public override void Export(BlockwiseNet net, TargetHead target, string path) =>
        HeadFile.Write(path, net, target, "blockwise", TensorType.Q8_0, writer => writer.Add("blockwise.head_count", (uint)net.Guesses));

    /// <inheritdoc/>
    public override Drafter Drafter(Transformer target, string path) => new BlockwiseDrafter(Percheron.Models.Heads.HeadFile.Open(path, target).Head);

    /// <inheritdoc/>
    public override string Spec(string path) => $"blockwise(@{path})";
}
