using Percheron.Decoding;
using Percheron.Drafters;
using Percheron.Models;
using Percheron.Training.Nets;
using Percheron.Training.Objectives;
using Percheron.Training.Runs;

namespace Percheron.Training.Recipes;

/// <summary>Medusa heads.</summary>
/// <param name="heads">Guesses, 1 to 16.</param>
/// <param name="blocks">Blocks of each head, 0 to 16.</param>
/// <param name="own">Whether each head has a vocabulary projection of its own.</param>
/// <param name="decay">λ, the weight of a head over that of the one before.</param>
/// <param name="soft">Share of the target's law beside the tokens of the text, 0 to 1.</param>
[Method(Source = "Medusa, arXiv 2401.10774", Examples = ["medusa"])]
public sealed class MedusaRecipe(int heads = 4, int blocks = 2, bool own = false, double decay = 0.8, double soft = 0.5) : GuessRecipe<MedusaNet>("medusa", ("head_count", heads), ("block_count", blocks))
{
    /// <inheritdoc/>
    public override MedusaNet Create(TargetHead target, ulong seed) => new(target, heads, blocks, own, seed);

    /// <inheritdoc/>
    public override IObjective<MedusaNet> Objective(TargetHead target) => new Medusa1(decay, soft);

    /// <inheritdoc/>
    public override Drafter Drafter(Transformer target, string path) => new MedusaDrafter(Open(target, path));
}
