using Percheron.Decoding;
using Percheron.Drafters;
using Percheron.Formats;
using Percheron.Models;
using Percheron.Training.Export;
using Percheron.Training.Nets;
using Percheron.Training.Objectives;
using Percheron.Training.Runs;

namespace Percheron.Training.Recipes;

/// <summary>Parallel drafts, for <c>pard</c>: a trained draft model that learns to answer masks.</summary>
[Method(Source = "PARD, arXiv 2504.18583")]
public sealed class PardRecipe : HeadRecipe<PardNet>
{
    private readonly int _depth;
    private readonly double _keep;
    private readonly bool _fresh;
    private readonly string _start;

    /// <param name="depth">Tokens guessed at once, 2 to 64.</param>
    /// <param name="keep">Share of the anchors that each further subtask keeps, above 0 and below 1.</param>
    /// <param name="fresh">Begins from nothing; else from the draft beside the target (<c>NAME-draft-q8_0.gguf</c>), if there is one.</param>
    /// <param name="start">Begins with a file that a run with the same options made: a second stage.</param>
    public PardRecipe(int depth = 7, double keep = 0.5, bool fresh = false, string start = "")
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(Math.Clamp(depth, 2, 64), depth, nameof(depth));
        if (!(keep is > 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(keep), "keep is a share, above 0 and below 1");
        (_depth, _keep, _fresh, _start) = (depth, keep, fresh, start);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<int> States(LlamaShape target) => [target.Layers + 1];

    /// <inheritdoc/>
    public override PardNet Create(TargetHead target, ulong seed)
    {
        PardNet net = Begin(target, seed);
        if (_start.Length > 0) Training.Export.HeadFile.Read(_start, net);
        return net;
    }

    /// <inheritdoc/>
    public override IObjective<PardNet> Objective(TargetHead target) => new Pard(_depth, _keep, target);

    /// <inheritdoc/>
    /// <remarks>What is trained already changes slowly; the mask begins from nothing.</remarks>
    public override RunOptions Options(RunOptions given) => base.Options(given) with { RowsPerStep = 8, RowsPerPass = 1, MatrixRate = _start.Length > 0 ? 0.003 : 0.01, VectorRate = _start.Length > 0 ? 0.0003 : 0.001 };

    /// <inheritdoc/>
    public override void Export(PardNet net, TargetHead target, string path) => Export(net, target, path, TensorType.Q8_0);

    /// <summary>Writes the network with matrices of a type.</summary>
    public void Export(PardNet net, TargetHead target, string path, TensorType matrices)
    {
        GgufWriter writer = GgufModel.Writer(net, net.Shape, GgufModel.ReadVocabulary(target.Path), matrices, "Percheron Docs pard");
        writer.Add("pard.depth", (uint)_depth);
        writer.AddTensor("mask_embd.weight", TensorType.F32, [net.Shape.Width], net.Tensors["mask_embd.weight"].data<float>().ToArray());
        writer.Write(path);
    }

    /// <inheritdoc/>
    public override Drafter Drafter(Transformer target, string path)
    {
        GgufFile file = GgufFile.Open(path);
        return new PardDrafter(ParallelModel.Load(file, Transformer.Load(file, new ModelOptions { Team = target.Team, ContextLength = target.ContextLength })));
    }

    /// <inheritdoc/>
    public override string Spec(string path) => $"pard(@{path})";

    private PardNet Begin(TargetHead target, ulong seed)
    {
        if (_fresh || DraftBeside.Find(target.Path) is not { } path) return new PardNet(LlamaShape.Draft with { Vocab = target.Shape.Vocab, Context = target.Shape.Context }, seed, target.Projection.dtype);
        using LlamaNet draft = GgufModel.Read(path, target.Projection.dtype);
        if (draft.Shape.Vocab != target.Shape.Vocab) throw new InvalidDataException($"'{path}' knows {draft.Shape.Vocab} tokens and the target {target.Shape.Vocab}: it is no draft of this target; pard(fresh=true) begins from nothing.");
        return new PardNet(draft, seed);
    }
}
