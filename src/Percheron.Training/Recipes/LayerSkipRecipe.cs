using Percheron.Decoding;
using Percheron.Drafters;
using Percheron.Formats;
using Percheron.Models;
using Percheron.Training.Export;
using Percheron.Training.Nets;
using Percheron.Training.Objectives;
using Percheron.Training.Runs;

namespace Percheron.Training.Recipes;

/// <summary>A target that can be left early. Another target is written: text is exact with respect to that one only.</summary>
/// <param name="exit">Layers the draft runs when it is measured.</param>
/// <param name="dropout">Rate at which the last layer is dropped.</param>
/// <param name="scale">Weight of exits.</param>
/// <param name="rotation">One exit in so many is trained in a pass.</param>
[Method(Source = "LayerSkip, arXiv 2404.16710", Examples = ["layer-skip"])]
public sealed class LayerSkipRecipe(int exit = 2, double dropout = 0.1, double scale = 1, int rotation = 4) : HeadRecipe<LlamaNet>
{
    // The target has been trained before: it follows slowly.
    private const double Rate = 0.2;

    /// <inheritdoc/>
    public override IReadOnlyList<int> States(LlamaShape target) => [];

    /// <inheritdoc/>
    public override LlamaNet Create(TargetHead target, ulong seed) => GgufModel.Read(target.Path, target.Projection.dtype);

    /// <inheritdoc/>
    public override IObjective<LlamaNet> Objective(TargetHead target) => new LayerSkip(dropout, scale, rotation);

    /// <inheritdoc/>
    public override RunOptions Options(RunOptions given) => base.Options(given) with { MatrixRate = given.MatrixRate * Rate, VectorRate = given.VectorRate * Rate };

    /// <inheritdoc/>
    public override void Export(LlamaNet net, TargetHead target, string path) => GgufModel.Write(path, net, GgufModel.ReadVocabulary(target.Path), TensorType.Q8_0, "Percheron Docs, LayerSkip");

    /// <inheritdoc/>
    public override Drafter Drafter(Transformer target, string path) => new EarlyExitDrafter(target, exit);

    /// <inheritdoc/>
    public override string? ChangedTarget(string path) => path;

    /// <inheritdoc/>
    public override string Spec(string path) => $"early-exit(exit={exit})";
}
