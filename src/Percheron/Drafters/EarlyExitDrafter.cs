using Percheron.Decoding;
using Percheron.Models;

namespace Percheron.Drafters;

/// <summary>The target drafts for itself by leaving early: its first layers, then its own output norm and vocabulary projection. Verification goes on where the draft stopped.</summary>
/// <remarks>
/// What the draft has evaluated is handed to the target with its keys and values, so no row goes through the first layers twice. It drafts well with a target that was trained to be left
/// early, which is another target.
/// </remarks>
[Method(Source = "LayerSkip, arXiv 2404.16710 §4.3", Examples = ["early-exit", "early-exit(exit=1, depth=3, width=2)", "early-exit(reuse=false)"])]
public sealed class EarlyExitDrafter : Drafter
{
    private readonly OwnDrafts _drafts;

    /// <param name="target">The target itself; the caller keeps owning it.</param>
    /// <param name="exit">Layers the draft runs, at least 1 and fewer than all; −1 is a quarter of them.</param>
    /// <param name="depth">Levels of the tree, so the most tokens one step can win from it, 1 to 256; −1 is as many as the plan of the budget finds worth their time, 4 without one.</param>
    /// <param name="width">Children of a node and nodes expanded on each level, 1 to 64; 1 is a chain.</param>
    /// <param name="tree">Where candidates stand and how they are chosen; without one they are drawn, and siblings are distinct.</param>
    /// <param name="confidence">Stops growing where the product of the laws' highest probabilities along the path falls below this; 0 never stops early, −1 leaves it to the plan of the budget and is 0.6
    /// without one.</param>
    /// <param name="length">When to stop drafting; with one, depth and confidence hold only as far as they are given.</param>
    /// <param name="reuse">Whether verification goes on with the rows of the draft; false runs all their layers again, to compare.</param>
    /// <exception cref="ArgumentException">An option is out of range, or a chain is to be wide.</exception>
    public EarlyExitDrafter(ILayeredModel target, int exit = -1, int depth = -1, int width = 1, TreeShape? tree = null, double confidence = -1, DraftLength? length = null, bool reuse = true)
    {
        if (exit == -1) exit = Math.Max(1, target.LayerCount / 4);
        if (exit < 1 || exit >= target.LayerCount) throw new ArgumentOutOfRangeException(nameof(exit), $"exit is 1 to {target.LayerCount - 1} for a model of {target.LayerCount} layers, or -1");
        IModel view = target.View([.. Enumerable.Range(0, exit)]);
        _drafts = new OwnDrafts(new LevelGrower(view, depth, width, tree, confidence, length) { FreeDepth = 4 }, reuse: reuse);
    }

    /// <inheritdoc/>
    public override IModel? Model => _drafts.Model;

    /// <inheritdoc/>
    public override void Draft(ReadOnlySpan<DraftSlot> batch) => _drafts.Draft(batch);

    /// <inheritdoc/>
    public override void Observe(in Step step) => _drafts.Observe(step);

    /// <inheritdoc/>
    public override void Release(Sequence sequence) => _drafts.Release(sequence);
}
