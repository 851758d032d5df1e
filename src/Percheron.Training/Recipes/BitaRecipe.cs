using Percheron.Decoding;
using Percheron.Drafters;
using Percheron.Models;
using Percheron.Training.Nets;
using Percheron.Training.Objectives;
using Percheron.Training.Runs;

namespace Percheron.Training.Recipes;

/// <summary>The mask tokens of BiTA, without its prompt tokens.</summary>
/// <param name="count">How many, 1 to 32.</param>
[Method(Source = "BiTA, arXiv 2401.12522", Examples = ["bita"])]
public sealed class BitaRecipe(int count = 3) : ExtraRecipe("bita", count)
{
    /// <inheritdoc/>
    public override IObjective<ExtraNet> Objective(TargetHead target) => new BitaMasks();

    /// <inheritdoc/>
    public override Drafter Drafter(Transformer target, string path) => new BitaDrafter(Open(target, path), target);
}
