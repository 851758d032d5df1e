using Percheron.Decoding;
using Percheron.Drafters;
using Percheron.Models;
using Percheron.Training.Nets;
using Percheron.Training.Objectives;
using Percheron.Training.Runs;

namespace Percheron.Training.Recipes;

/// <summary>EAGLE heads, for <c>eagle</c> and <c>eagle2</c>.</summary>
[Method(Source = "EAGLE, arXiv 2401.15077")]
public sealed class EagleRecipe : FeatureRecipe<EagleNet>
{
    /// <param name="inner">Inner size of the feed-forward half.</param>
    public EagleRecipe(int inner = 512)
        : base("eagle", inner)
    {
    }

    /// <inheritdoc/>
    public override EagleNet Create(TargetHead target, ulong seed) => new(target, Shape(target), predicts: false, seed, Compute(target));

    /// <inheritdoc/>
    public override IObjective<EagleNet> Objective(TargetHead target) => new Eagle();

    /// <inheritdoc/>
    public override Drafter Drafter(Transformer target, string path) => new EagleDrafter(Open(target, path));

    /// <inheritdoc/>
    public override string Spec(string path) => $"eagle(@{path})";
}
