using Percheron.Decoding;
using Percheron.Drafters;
using Percheron.Formats;
using Percheron.Models;
using Percheron.Training.Export;
using Percheron.Training.Nets;
using Percheron.Training.Objectives;
using Percheron.Training.Runs;

namespace Percheron.Training.Recipes;

/// <summary>ReDrafter's recurrent net.</summary>
/// <param name="length">Guesses it is unrolled over, 1 to 16.</param>
/// <param name="blocks">Blocks behind the layer that reads, 0 to 16.</param>
/// <param name="soft">Share of the target's law beside the tokens of the text, 0 to 1.</param>
[Method(Source = "ReDrafter, arXiv 2403.09919", Examples = ["redrafter"])]
public sealed class RedrafterRecipe(int length = 5, int blocks = 2, double soft = 1) : HeadRecipe<RedrafterNet>
{
    /// <inheritdoc/>
    public override IReadOnlyList<int> States(LlamaShape target) => [target.Layers + 1];

    /// <inheritdoc/>
    public override RedrafterNet Create(TargetHead target, ulong seed) => new(target, length, blocks, seed);

    /// <inheritdoc/>
    public override IObjective<RedrafterNet> Objective(TargetHead target) => new RedrafterGuesses(soft);

    /// <inheritdoc/>
    public override RunOptions Options(RunOptions given) => given with { RowsPerStep = 4 };

    /// <inheritdoc/>
    public override void Export(RedrafterNet net, TargetHead target, string path) =>
        HeadFile.Write(path, net, target, "redrafter", TensorType.Q8_0, writer =>
        {
            writer.Add("redrafter.length", (uint)net.Guesses);
            writer.Add("redrafter.block_count", (uint)blocks);
        });

    /// <inheritdoc/>
    public override Drafter Drafter(Transformer target, string path) => new RedrafterDrafter(Percheron.Models.Heads.HeadFile.Open(path, target).Head);

    /// <inheritdoc/>
    public override string Spec(string path) => $"redrafter(@{path})";
}
