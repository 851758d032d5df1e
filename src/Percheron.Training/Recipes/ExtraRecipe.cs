using Percheron.Formats;
using Percheron.Models;
using Percheron.Models.Heads;
using Percheron.Training.Nets;

namespace Percheron.Training.Recipes;

/// <summary>A recipe for embeddings of look-ahead tokens, which the target itself reads.</summary>
/// <param name="kind">What their file calls itself.</param>
/// <param name="count">How many, 1 to 32.</param>
public abstract class ExtraRecipe(string kind, int count) : HeadRecipe<ExtraNet>
{
    /// <inheritdoc/>
    public override IReadOnlyList<int> States(LlamaShape target) => [];

    /// <inheritdoc/>
    public override ExtraNet Create(TargetHead target, ulong seed) => new(target, count, seed);

    /// <inheritdoc/>
    public override void Export(ExtraNet net, TargetHead target, string path) => Training.Export.HeadFile.Write(path, net, target, kind, TensorType.F32);

    /// <inheritdoc/>
    public override string Spec(string path) => $"{kind}(@{path})";

    /// <summary>The runtime's form of an exported file; it ends with the process.</summary>
    protected static ExtraInputs Open(Transformer target, string path) => (ExtraInputs)HeadFile.Open(path, target).Content;
}
