using Percheron.Decoding;
using Percheron.Drafters;
using Percheron.Models;
using Percheron.Training.Nets;
using Percheron.Training.Objectives;
using Percheron.Training.Runs;

namespace Percheron.Training.Recipes;

/// <summary>Hydra heads.</summary>
/// <param name="heads">Guesses, 1 to 16.</param>
/// <param name="blocks">Blocks of each head behind the one that reads, 0 to 16.</param>
/// <param name="soft">Share of the target's law beside the tokens of the text, 0 to 1.</param>
[Method(Source = "Hydra, arXiv 2402.05109", Examples = ["hydra"])]
public sealed class HydraRecipe(int heads = 4, int blocks = 1, double soft = 1) : GuessRecipe<HydraNet>("hydra", ("head_count", heads), ("block_count", blocks))
{
    /// <inheritdoc/>
    public override HydraNet Create(TargetHead target, ulong seed) => new(target, heads, blocks, seed);

    /// <inheritdoc/>
    public override IObjective<HydraNet> Objective(TargetHead target) => new HydraGuesses(soft);

    /// <inheritdoc/>
    public override Drafter Drafter(Transformer target, string path) => new HydraDrafter(Open(target, path));
}
