using Percheron.Decoding;
using Percheron.Drafters.Lengths;
using Percheron.Models;
using Percheron.Models.Heads;

namespace Percheron.Drafters;

/// <summary>The target's first layers and one trained layer on them draft; how far is decided by Thompson sampling, and verification goes on where the first layers stopped.</summary>
[Method(Source = "EESD, arXiv 2406.03853 §3", Examples = ["eesd", "eesd(length=confidence(0.6))"])]
public sealed class EesdDrafter : Drafter
{
    private readonly ExitDrafts _drafts;

    /// <param name="eesd">The layer at the exit; the caller keeps owning it.</param>
    /// <param name="target">The target itself; the caller keeps owning it.</param>
    /// <param name="depth">Levels of the tree, so the most tokens one step can win from it, 1 to 256; −1 is as many as the policy of the length goes on with and the plan of the budget finds worth their time.</param>
    /// <param name="width">Children of a node and nodes expanded on each level, 1 to 64; 1 is a chain.</param>
    /// <param name="tree">Where candidates stand and how they are chosen; without one they are drawn, and siblings are distinct.</param>
    /// <param name="confidence">Stops growing where the product of the laws' highest probabilities along the path falls below this; 0 and −1 never do.</param>
    /// <param name="length">When to stop drafting; without one Thompson sampling.</param>
    /// <exception cref="ArgumentException">An option is out of range, or a chain is to be wide.</exception>
    public EesdDrafter(IExit eesd, ILayeredModel target, int depth = -1, int width = 1, TreeShape? tree = null, double confidence = -1, DraftLength? length = null) =>
        _drafts = new ExitDrafts(target, eesd, model => new LevelGrower(model, depth, width, tree, confidence, length ?? new ThompsonLength()));

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
