using Percheron.Decoding;
using Percheron.Drafters;
using Percheron.Models;
using Percheron.Training.Nets;
using Percheron.Training.Objectives;
using Percheron.Training.Runs;

namespace Percheron.Training.Recipes;

/// <summary>The adapter of Kangaroo: one attention and two norms at an early exit.</summary>
/// <param name="exit">Layers of the target that run before it.</param>
[Method(Source = "Kangaroo, arXiv 2404.18911", Examples = ["kangaroo"])]
public sealed class KangarooRecipe(int exit = 2) : ExitRecipe("kangaroo", exit, inner: 0)
{
    /// <inheritdoc/>
    public override IObjective<ExitNet> Objective(TargetHead target) => new KangarooAdapter();

    /// <inheritdoc/>
    public override Drafter Drafter(Transformer target, string path) => new KangarooDrafter(Open(target, path), target);
}
