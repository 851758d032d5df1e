using Percheron.Decoding;
using Percheron.Drafters;
using Percheron.Models;
using Percheron.Training.Nets;
using Percheron.Training.Objectives;
using Percheron.Training.Runs;

namespace Percheron.Training.Recipes;

/// <summary>ReDrafter's recurrent net.</summary>
/// <param name="length">Guesses it is unrolled over, 1 to 16.</param>
/// <param name="blocks">Blocks behind the layer that reads, 0 to 16.</param>
/// <param name="soft">Share of the target's law beside the tokens of the text, 0 to 1.</param>
[Method(Source = "ReDrafter, arXiv 2403.09919", Examples = ["redrafter"])]
public sealed class RedrafterRecipe(int length = 5, int blocks = 2, double soft = 1) : GuessRecipe<RedrafterNet>("redrafter", ("length", length), ("block_count", blocks))
{
    /// <inheritdoc/>
    public override RedrafterNet Create(TargetHead target, ulong seed) => new(target, length, blocks, seed);

    /// <inheritdoc/>
    public override IObjective<RedrafterNet> Objective(TargetHead target) => new RedrafterGuesses(soft);

    /// <inheritdoc/>
    public override Drafter Drafter(Transformer target, string path) => new RedrafterDrafter(Open(target, path));
}
