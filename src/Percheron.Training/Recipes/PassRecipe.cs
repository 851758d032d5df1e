using Percheron.Decoding;
using Percheron.Drafters;
using Percheron.Formats;
using Percheron.Models;
using Percheron.Models.Heads;
using Percheron.Training.Nets;
using Percheron.Training.Objectives;
using Percheron.Training.Runs;

namespace Percheron.Training.Recipes;

/// <summary>The look-ahead tokens of PaSS.</summary>
/// <param name="count">How many, 1 to 32.</param>
[Method(Source = "PaSS, arXiv 2311.13581", Examples = ["pass"])]
public sealed class PassRecipe(int count = 4) : HeadRecipe<ExtraNet>
{
    /// <inheritdoc/>
    public override IReadOnlyList<int> States(LlamaShape target) => [];

    /// <inheritdoc/>
    public override ExtraNet Create(TargetHead target, ulong seed) => new(target, count, seed);

    /// <inheritdoc/>
    public override IObjective<ExtraNet> Objective(TargetHead target) => new PassLookAhead();

    /// <inheritdoc/>
    public override void Export(ExtraNet net, TargetHead target, string path) => Training.Export.HeadFile.Write(path, net, target, "pass", TensorType.F32);

    /// <inheritdoc/>
    public override Drafter Drafter(Transformer target, string path) => new PassDrafter((ExtraInputs)HeadFile.Open(path, target).Content, target);

    /// <inheritdoc/>
    public override string Spec(string path) => $"pass(@{path})";
}
