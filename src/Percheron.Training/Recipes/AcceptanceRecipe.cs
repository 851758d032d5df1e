using Percheron.Decoding;
using Percheron.Formats;
using Percheron.Models;
using Percheron.Training.Export;
using Percheron.Training.Nets;
using Percheron.Training.Objectives;
using Percheron.Training.Runs;

namespace Percheron.Training.Recipes;

/// <summary>Acceptance heads, for <c>length=learned</c>, of the draft beside the target.</summary>
[Method(Source = "SpecDec++, arXiv 2405.19715; DISCO, arXiv 2405.04304")]
public sealed class AcceptanceRecipe : HeadRecipe<AcceptanceNet>, IDisposable
{
    private readonly double _refused;
    private LlamaNet? _draft;

    /// <param name="refused">What a refusal counts for, beside an acceptance.</param>
    public AcceptanceRecipe(double refused = 6)
    {
        if (!(refused > 0)) throw new ArgumentOutOfRangeException(nameof(refused), "refused is a weight above 0");
        _refused = refused;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<int> States(LlamaShape target) => [target.Layers + 1];

    /// <inheritdoc/>
    public override AcceptanceNet Create(TargetHead target, ulong seed)
    {
        using LlamaNet draft = GgufModel.Read(DraftOf(target.Path), target.Projection.dtype);
        return new AcceptanceNet(_draft = draft.Frozen(), seed);
    }

    /// <inheritdoc/>
    public override IObjective<AcceptanceNet> Objective(TargetHead target) => new AcceptanceJudge(target, _refused);

    /// <inheritdoc/>
    public override void Export(AcceptanceNet net, TargetHead target, string path) => HeadFile.Write(path, net, target, "acceptance", TensorType.F32);

    /// <inheritdoc/>
    public override Drafter Drafter(Transformer target, string path) => throw new NotSupportedException("an acceptance head drafts nothing: measure model(length=learned(@file))");

    /// <inheritdoc/>
    public override string Spec(string path) => $"model(length=learned(@{path}))";

    /// <summary>Frees the draft that was read for training.</summary>
    public void Dispose() => _draft?.Dispose();

    private static string DraftOf(string target)
    {
        string path = target.Replace("-q8_0.gguf", "-draft-q8_0.gguf", StringComparison.Ordinal);
        return path != target && File.Exists(path) ? path : throw new FileNotFoundException($"An acceptance head belongs to a draft, and there is none beside the target; expected '{path}'.");
    }
}
