using Percheron.Decoding;
using Percheron.Drafters;
using Percheron.Formats;
using Percheron.Models;
using Percheron.Training.Export;
using Percheron.Training.Nets;
using Percheron.Training.Objectives;
using Percheron.Training.Runs;
using static TorchSharp.torch;

namespace Percheron.Training.Recipes;

/// <summary>Medusa heads together with a target that changes: beside the heads another target is written, and text is exact with respect to that one only.</summary>
/// <param name="start">Heads trained before by <see cref="MedusaRecipe"/> without projections of their own; fresh ones without.</param>
/// <param name="heads">Guesses, 1 to 16; those of <paramref name="start"/>.</param>
/// <param name="blocks">Blocks of each head, 0 to 16; those of <paramref name="start"/>.</param>
/// <param name="weight">λ₀, the weight of the heads beside the target's own loss.</param>
/// <param name="decay">λ, the weight of a head over that of the one before.</param>
[Method(Name = "medusa2", Source = "Medusa, arXiv 2401.10774 §2.2.2", Examples = ["medusa2"])]
public sealed class Medusa2Recipe(string start = "", int heads = 4, int blocks = 2, double weight = 0.2, double decay = 0.8) : HeadRecipe<MedusaTargetNet>
{
    /// <inheritdoc/>
    public override IReadOnlyList<int> States(LlamaShape target) => [];

    /// <inheritdoc/>
    public override MedusaTargetNet Create(TargetHead target, ulong seed)
    {
        using MedusaNet fresh = new(target, heads, blocks, own: false, seed);
        if (start.Length > 0) HeadFile.Read(start, fresh);
        return new MedusaTargetNet(target, fresh);
    }

    /// <inheritdoc/>
    public override IObjective<MedusaTargetNet> Objective(TargetHead target) => new Medusa2(weight, decay);

    /// <inheritdoc/>
    public override void Export(MedusaTargetNet net, TargetHead target, string path)
    {
        using IDisposable fixedValues = no_grad();
        using LlamaNet model = GgufModel.Read(target.Path, ScalarType.Float32);
        using MedusaNet own = new(target, heads, blocks, own: false, seed: 0);
        foreach ((string name, Tensor value) in net.Tensors) (MedusaTargetNet.IsHead(name) ? (Net)own : model).Tensors[name].copy_(value);
        GgufModel.Write(ChangedTarget(path), model, GgufModel.ReadVocabulary(target.Path), TensorType.Q8_0, "Percheron Docs with Medusa heads");
        HeadFile.Write(path, own, target, "medusa", TensorType.Q8_0, writer =>
        {
            writer.Add("medusa.head_count", (uint)heads);
            writer.Add("medusa.block_count", (uint)blocks);
            writer.Add("percheron.target.changed", Path.GetFileName(ChangedTarget(path)));
        });
    }

    /// <inheritdoc/>
    public override Drafter Drafter(Transformer target, string path) => new MedusaDrafter(Percheron.Models.Heads.HeadFile.Open(path, target).Head);

    /// <inheritdoc/>
    public override string ChangedTarget(string path) => Path.ChangeExtension(path, ".target.gguf");

    /// <inheritdoc/>
    public override string Spec(string path) => $"medusa(@{path})";
}
