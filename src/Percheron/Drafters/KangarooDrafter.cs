using Percheron.Decoding;
using Percheron.Models;
using Percheron.Models.Heads;

namespace Percheron.Drafters;

/// <summary>The target's first layers, a trained adapter of one attention, and the target's own vocabulary projection draft; verification goes on where the first layers stopped.</summary>
/// <remarks>
/// The paper's second exit ends a draft behind the first token whose best guess is too doubtful, and keeps that token: <c>length=confidence(0.6)</c>. By itself the option
/// <c>confidence</c> stops whole paths instead.
/// </remarks>
[Method(Source = "Kangaroo, arXiv 2404.18911 §3", Examples = ["kangaroo", "kangaroo(length=confidence(0.6))", "kangaroo(width=2, tree=opt-tree)"])]
public sealed class KangarooDrafter : Drafter
{
    private readonly ExitDrafts _drafts;

    /// <param name="kangaroo">The adapter; the caller keeps owning it.</param>
    /// <param name="target">The target itself; the caller keeps owning it.</param>
    /// <param name="depth">Levels of the tree, so the most tokens one step can win from it, 1 to 256; −1 is as many as the plan of the budget finds worth their time, 6 without one.</param>
    /// <param name="width">Children of a node and nodes expanded on each level, 1 to 64; 1 is a chain.</param>
    /// <param name="tree">Where candidates stand and how they are chosen; without one they are drawn, and siblings are distinct.</param>
    /// <param name="confidence">Stops growing where the product of the laws' highest probabilities along the path falls below this; 0 never stops early, −1 leaves it to the plan of the budget and is 0.6
    /// without one.</param>
    /// <param name="length">When to stop drafting; with one, depth and confidence hold only as far as they are given.</param>
    /// <exception cref="ArgumentException">An option is out of range, or a chain is to be wide.</exception>
    public KangarooDrafter(IExit kangaroo, ILayeredModel target, int depth = -1, int width = 1, TreeShape? tree = null, double confidence = -1, DraftLength? length = null) =>
        _drafts = new ExitDrafts(target, kangaroo, model => new LevelGrower(model, depth, width, tree, confidence, length) { FreeDepth = 6 });

    /// <inheritdoc/>
    public override FeatureSet Features => _drafts.Features;

    /// <inheritdoc/>
    public override IModel? Model => _drafts.Model;

    /// <inheritdoc/>
    public override void Draft(ReadOnlySpan<DraftSlot> batch) => _drafts.Draft(batch);

    /// <inheritdoc/>
    public override void Observe(in Step step) => _drafts.Observe(step);

    /// <inheritdoc/>
    public override void Release(Sequence sequence) => _drafts.Release(sequence);
}
