using Percheron.Decoding;
using Percheron.Drafters;
using Percheron.Formats;
using Percheron.Models;
using Percheron.Training.Export;
using Percheron.Training.Nets;
using Percheron.Training.Objectives;
using Percheron.Training.Runs;

namespace Percheron.Training.Recipes;

/// <summary>The head of the verifier <c>judge</c>. It drafts nothing, so its best parameters are those of the least held-out loss.</summary>
[Method(Source = "Judge decoding, arXiv 2501.19309", Examples = ["judge"])]
public sealed class JudgeRecipe : HeadRecipe<JudgeNet>
{
    /// <inheritdoc/>
    public override IReadOnlyList<int> States(LlamaShape target) => [];

    /// <inheritdoc/>
    public override JudgeNet Create(TargetHead target, ulong seed) => new(target.Shape.Width);

    /// <inheritdoc/>
    public override IObjective<JudgeNet> Objective(TargetHead target) => new JudgeLabels(GgufModel.Read(target.Path, target.Projection.dtype));

    /// <inheritdoc/>
    public override void Export(JudgeNet net, TargetHead target, string path) => HeadFile.Write(path, net, target, "judge", TensorType.F32, writer => writer.Add("judge.states", new[] { target.LastState }));

    /// <inheritdoc/>
    public override Drafter Drafter(Transformer target, string path) => new NoneDrafter();

    /// <inheritdoc/>
    public override string Spec(string path) => $"judge(@{path})";

    /// <inheritdoc/>
    public override int Train(RecipeJob job) => base.Train(job with { Acceptance = null });
}
