using Percheron.Decoding;
using Percheron.Drafters;
using Percheron.Models;
using Percheron.Training.Nets;
using Percheron.Training.Objectives;
using Percheron.Training.Runs;

namespace Percheron.Training.Recipes;

/// <summary>The look-ahead tokens of PaSS.</summary>
/// <param name="count">How many, 1 to 32.</param>
[Method(Source = "PaSS, arXiv 2311.13581", Examples = ["pass"])]
public sealed class PassRecipe(int count = 4) : ExtraRecipe("pass", count)
{
    /// <inheritdoc/>
    public override IObjective<ExtraNet> Objective(TargetHead target) => new PassLookAhead();

    /// <inheritdoc/>
    public override Drafter Drafter(Transformer target, string path) => new PassDrafter(Open(target, path), target);
}
