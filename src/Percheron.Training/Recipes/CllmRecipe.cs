using Percheron.Decoding;
using Percheron.Drafters;
using Percheron.Formats;
using Percheron.Models;
using Percheron.Training.Export;
using Percheron.Training.Nets;
using Percheron.Training.Objectives;
using Percheron.Training.Runs;

namespace Percheron.Training.Recipes;

/// <summary>A target for Jacobi decoding. Another target is written: text is exact with respect to that one only.</summary>
/// <param name="block">Tokens refined together.</param>
/// <param name="local">Whether the next point of a trajectory is the goal, instead of its end.</param>
/// <param name="writing">ω, the weight of the end of a trajectory as text.</param>
[Method(Source = "CLLM, arXiv 2403.00835", Examples = ["cllm", "cllm(local=true)"])]
public sealed class CllmRecipe(int block = 8, bool local = false, double writing = 1) : HeadRecipe<LlamaNet>
{
    // The target has been trained before: it follows slowly.
    private const double Rate = 0.2;

    /// <inheritdoc/>
    public override IReadOnlyList<int> States(LlamaShape target) => [];

    /// <inheritdoc/>
    public override LlamaNet Create(TargetHead target, ulong seed) => GgufModel.Read(target.Path, target.Projection.dtype);

    /// <inheritdoc/>
    public override IObjective<LlamaNet> Objective(TargetHead target) => new Consistency(GgufModel.Read(target.Path, target.Projection.dtype), block, !local, writing);

    /// <inheritdoc/>
    public override RunOptions Options(RunOptions given) => base.Options(given) with { MatrixRate = given.MatrixRate * Rate, VectorRate = given.VectorRate * Rate };

    /// <inheritdoc/>
    public override void Export(LlamaNet net, TargetHead target, string path) => GgufModel.Write(path, net, GgufModel.ReadVocabulary(target.Path), TensorType.Q8_0, "Percheron Docs, CLLM");

    /// <inheritdoc/>
    public override Drafter Drafter(Transformer target, string path) => new JacobiDrafter(block);

    /// <inheritdoc/>
    public override string? ChangedTarget(string path) => path;

    /// <inheritdoc/>
    public override string Spec(string path) => $"jacobi(length={block})";
}
