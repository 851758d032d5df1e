using Percheron.Decoding;
using Percheron.Drafters;
using Percheron.Drafters.Lengths;
using Percheron.Formats;
using Percheron.Models;
using Percheron.Models.Heads;
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
    private string? _path;

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
        _path = DraftBeside.Require(target.Path);
        using LlamaNet draft = GgufModel.Read(_path, target.Projection.dtype);
        return new AcceptanceNet(_draft = draft.Frozen(), seed);
    }

    /// <inheritdoc/>
    public override IObjective<AcceptanceNet> Objective(TargetHead target) => new AcceptanceJudge(target, _refused);

    /// <inheritdoc/>
    public override void Export(AcceptanceNet net, TargetHead target, string path) => Training.Export.HeadFile.Write(path, net, target, "acceptance", TensorType.F32);

    /// <inheritdoc/>
    /// <remarks>It changes how much is drafted, not how much of that is accepted: the held-out loss decides.</remarks>
    public override int Train(RecipeJob job) => base.Train(job with { Acceptance = null });

    /// <inheritdoc/>
    public override Drafter Drafter(Transformer target, string path)
    {
        GgufFile file = GgufFile.Open(_path ?? throw new InvalidOperationException("the head was not trained here, so the draft it belongs to is not known"));
        return new ModelDrafter(Transformer.Load(file, new ModelOptions { Team = target.Team, ContextLength = target.ContextLength }), length: new LearnedLength(AcceptanceHead.Open(path)));
    }

    /// <inheritdoc/>
    public override string Spec(string path) => $"model(length=learned(@{path}))";

    /// <summary>Frees the draft that was read for training.</summary>
    public void Dispose() => _draft?.Dispose();
}
