using Percheron.Decoding;
using Percheron.Models;
using Percheron.Models.Heads;

namespace Percheron.Drafters;

/// <summary>Parallel speculative sampling: a few trained look-ahead tokens behind the last token make the target guess further tokens in the same forward; the target is unchanged.</summary>
/// <remarks>
/// The look-ahead rows of a step are evaluated beside the candidates that the step before foretold. They know nothing of these, so what they foretell is fresh if none of them is accepted, and a guess
/// made from further away if some are.
/// </remarks>
[Method(Source = "PaSS, arXiv 2311.13581; look-ahead rows and verification share a forward", Examples = ["pass", "pass(width=2, tree=opt-tree)"])]
public sealed class PassDrafter : Drafter
{
    private readonly MaskDrafts _drafts;

    /// <param name="pass">The look-ahead tokens.</param>
    /// <param name="target">The target itself; the caller keeps owning it.</param>
    /// <param name="depth">Levels of the tree; −1 is as many as the plan of the budget finds worth their rows, all that are foretold without one.</param>
    /// <param name="width">Children of a node and nodes expanded on each level, 1 to 64; 1 is a chain.</param>
    /// <param name="tree">Where candidates stand and how they are chosen; without one they are drawn, and siblings are distinct.</param>
    /// <param name="confidence">Stops growing where the product of the laws' highest probabilities along the path falls below this; 0 never stops early, −1 leaves it to the plan of the budget and is 0.6
    /// without one.</param>
    /// <exception cref="ArgumentException">An option is out of range, or a chain is to be wide.</exception>
    public PassDrafter(ExtraInputs pass, IModel target, int depth = -1, int width = 1, TreeShape? tree = null, double confidence = -1) =>
        _drafts = new MaskDrafts(pass, new LevelGrower(new MaskAnswers(target), depth, width, tree, confidence) { MostDepth = Math.Max(1, pass.Count) }, everywhere: false);

    /// <inheritdoc/>
    public override void Draft(ReadOnlySpan<DraftSlot> batch) => _drafts.Draft(batch);

    /// <inheritdoc/>
    public override void Observe(in Step step) => _drafts.Observe(step);

    /// <inheritdoc/>
    public override void Release(Sequence sequence) => _drafts.Release(sequence);
}
