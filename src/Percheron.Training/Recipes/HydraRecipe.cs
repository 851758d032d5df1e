using Percheron.Decoding;
using Percheron.Drafters;
using Percheron.Formats;
using Percheron.Models;
using Percheron.Training.Export;
using Percheron.Training.Nets;
using Percheron.Training.Objectives;
using Percheron.Training.Runs;

namespace Percheron.Training.Recipes;

/// <summary>Hydra heads.</summary>
/// <param name="heads">Guesses, 1 to 16.</param>
/// <param name="blocks">Blocks of each head behind the one that reads, 0 to 16.</param>
/// <param name="soft">Share of the target's law beside the tokens of the text, 0 to 1.</param>
[Method(Source = "Hydra, arXiv 2402.05109", Examples = ["hydra"])]
public sealed class HydraRecipe(int heads = 4, int blocks = 1, double soft = 1) : HeadRecipe<HydraNet>
{
    /// <inheritdoc/>
    public override IReadOnlyList<int> States(LlamaShape target) => [target.Layers + 1];

    /// <inheritdoc/>
    public override HydraNet Create(TargetHead target, ulong seed) => new(target, heads, blocks, seed);

    /// <inheritdoc/>
    public override IObjective<HydraNet> Objective(TargetHead target) => new HydraGuesses(soft);

    /// <inheritdoc/>
    public override RunOptions Options(RunOptions given) => given with { RowsPerStep = 4 };

    /// <inheritdoc/>
    public override void Export(HydraNet net, TargetHead target, string path) =>
        HeadFile.Write(path, net, target, "hydra", TensorType.Q8_0, writer =>
        {
            writer.Add("hydra.head_count", (uint)net.Guesses);
            writer.Add("hydra.block_count", (uint)blocks);
        });

    /// <inheritdoc/>
    public override Drafter Drafter(Transformer target, string path) => new HydraDrafter(Percheron.Models.Heads.HeadFile.Open(path, target).Head);

    /// <inheritdoc/>
    public override string Spec(string path) => $"hydra(@{path})";
}
