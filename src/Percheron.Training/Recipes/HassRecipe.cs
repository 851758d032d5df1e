using Percheron.Decoding;
using Percheron.Drafters;
using Percheron.Models;
using Percheron.Training.Nets;
using Percheron.Training.Objectives;
using Percheron.Training.Runs;

namespace Percheron.Training.Recipes;

/// <summary>EAGLE heads trained as they are used, for <c>eagle</c> and <c>eagle2</c>.</summary>
[Method(Source = "HASS, arXiv 2408.15766")]
public sealed class HassRecipe : FeatureRecipe<EagleNet>
{
    private readonly int _steps, _top;
    private readonly double _weight;

    /// <param name="steps">Passes in training, 1 to 16.</param>
    /// <param name="top">The target's most probable tokens, which count more, 1 to 64.</param>
    /// <param name="weight">How much more.</param>
    /// <param name="inner">Inner size of the feed-forward half.</param>
    public HassRecipe(int steps = 3, int top = 10, double weight = 1, int inner = 512)
        : base("eagle", inner)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(Math.Clamp(steps, 1, 16), steps, nameof(steps));
        ArgumentOutOfRangeException.ThrowIfNotEqual(Math.Clamp(top, 1, 64), top, nameof(top));
        (_steps, _top, _weight) = (steps, top, weight);
    }

    /// <inheritdoc/>
    public override EagleNet Create(TargetHead target, ulong seed) => new(target, Shape(target), predicts: false, seed, Compute(target));

    /// <inheritdoc/>
    public override IObjective<EagleNet> Objective(TargetHead target) => new Hass(_steps, _top, _weight);

    /// <inheritdoc/>
    public override Drafter Drafter(Transformer target, string path) => new EagleDrafter(Open(target, path));

    /// <inheritdoc/>
    public override string Spec(string path) => $"eagle(@{path})";
}
