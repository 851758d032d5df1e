using Percheron.Decoding;
using Percheron.Drafters;
using Percheron.Formats;
using Percheron.Models;
using Percheron.Models.Heads;
using Percheron.Training.Nets;
using Percheron.Training.Objectives;
using Percheron.Training.Runs;

namespace Percheron.Training.Recipes;

/// <summary>The mask tokens of BiTA, without its prompt tokens.</summary>
/// <param name="count">How many, 1 to 32.</param>
[Method(Source = "BiTA, arXiv 2401.12522", Examples = ["bita"])]
public sealed class BitaRecipe(int count = 3) : HeadRecipe<ExtraNet>
{
    /// <inheritdoc/>
    public override IReadOnlyList<int> States(LlamaShape target) => [];

    /// <inheritdoc/>
    public override ExtraNet Create(TargetHead target, ulong seed) => new(target, count, seed);

    /// <inheritdoc/>
    public override IObjective<ExtraNet> Objective(TargetHead target) => new BitaMasks();

    /// <inheritdoc/>
    public override void Export(ExtraNet net, TargetHead target, string path) => Training.Export.HeadFile.Write(path, net, target, "bita", TensorType.F32);

    /// <inheritdoc/>
    public override Drafter Drafter(Transformer target, string path) => new BitaDrafter((ExtraInputs)HeadFile.Open(path, target).Content, target);

    /// <inheritdoc/>
    public override string Spec(string path) => $"bita(@{path})";
}
