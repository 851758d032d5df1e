using Percheron.Decoding;
using Percheron.Drafters;
using Percheron.Models;
using Percheron.Training.Distillation;
using Percheron.Training.Export;
using Percheron.Training.Nets;
using Percheron.Training.Objectives;
using Percheron.Training.Runs;

namespace Percheron.Training.Recipes;

/// <summary>Modules for multi-token prediction, for <c>mtp</c>.</summary>
[Method(Source = "DeepSeek-V3, arXiv 2412.19437 §2.2; FastMTP, arXiv 2509.18362")]
public sealed class MtpRecipe : FeatureRecipe<EagleNet>
{
    private readonly int _steps;
    private readonly bool _tokens, _draft;
    private readonly string _start, _divergence;

    /// <param name="steps">How often the module is used in training, 1 to 16; 1 is DeepSeek-V3's way.</param>
    /// <param name="tokens">Whether the text's tokens count; else the target's law.</param>
    /// <param name="inner">Inner size of the feed-forward half; that of the draft where it begins with one.</param>
    /// <param name="draft">Begins as the draft beside the target (<c>NAME-draft-q8_0.gguf</c>), to which it adds the target's state.</param>
    /// <param name="start">Begins with a file that a run with the same options made: a second stage.</param>
    /// <param name="divergence">Between the target's law and the guess: forward-kl, reverse-kl, jsd, tv or lk; the last two are about acceptance itself and need a network that guesses well already.</param>
    public MtpRecipe(int steps = 3, bool tokens = false, int inner = 512, bool draft = false, string start = "", string divergence = "forward-kl")
        : base("mtp", inner)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(Math.Clamp(steps, 1, 16), steps, nameof(steps));
        (_steps, _tokens, _draft, _start, _divergence) = (steps, tokens, draft, start, divergence);
    }

    /// <inheritdoc/>
    public override EagleNet Create(TargetHead target, ulong seed)
    {
        EagleNet net = _draft ? FromDraft(target) : new EagleNet(target, Shape(target), predicts: true, seed, Compute(target));
        if (_start.Length > 0) HeadFile.Read(_start, net);
        return net;
    }

    /// <inheritdoc/>
    /// <remarks>What is trained already changes slowly.</remarks>
    public override RunOptions Options(RunOptions given) => (_draft, _start) switch
    {
        (_, not "") => base.Options(given) with { MatrixRate = 0.0005, VectorRate = 0.0001 },
        (true, _) => base.Options(given) with { MatrixRate = 0.002, VectorRate = 0.0003 },
        _ => base.Options(given),
    };

    /// <inheritdoc/>
    public override IObjective<EagleNet> Objective(TargetHead target) => new Mtp(_steps, _tokens, Divergence.Named(_divergence));

    /// <inheritdoc/>
    public override Drafter Drafter(Transformer target, string path) => new MtpDrafter(Open(target, path));

    /// <inheritdoc/>
    public override string Spec(string path) => $"mtp(@{path})";

    private static EagleNet FromDraft(TargetHead target)
    {
        using LlamaNet draft = GgufModel.Read(DraftBeside.Require(target.Path), Compute(target));
        return new EagleNet(target, draft);
    }
}
