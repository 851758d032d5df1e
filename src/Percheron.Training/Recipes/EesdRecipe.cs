using Percheron.Decoding;
using Percheron.Drafters;
using Percheron.Models;
using Percheron.Training.Nets;
using Percheron.Training.Objectives;
using Percheron.Training.Runs;

namespace Percheron.Training.Recipes;

/// <summary>The layer of EESD at an early exit.</summary>
/// <param name="exit">Layers of the target that run before it.</param>
/// <param name="inner">Inner size of its feed-forward half.</param>
/// <param name="soft">Share of the target's law beside the tokens of the text, 0 to 1.</param>
[Method(Source = "EESD, arXiv 2406.03853", Examples = ["eesd"])]
public sealed class EesdRecipe(int exit = 2, int inner = 512, double soft = 0.8) : ExitRecipe("eesd", exit, inner)
{
    /// <inheritdoc/>
    public override IObjective<ExitNet> Objective(TargetHead target) => new EesdDistillation(soft);

    /// <inheritdoc/>
    public override Drafter Drafter(Transformer target, string path) => new EesdDrafter(Open(target, path), target);
}
