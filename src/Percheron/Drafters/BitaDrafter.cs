using Percheron.Decoding;
using Percheron.Models;
using Percheron.Models.Heads;

namespace Percheron.Drafters;

/// <summary>Trained mask tokens behind every candidate: one forward verifies this step's tree and foretells what follows each of its paths, so that there is a fresh draft whatever is accepted.</summary>
/// <remarks>
/// The paper's prompt tokens, which only masks see, are not there: a row of a cache has one line of ancestors, and putting them between a node and its masks would cost their rows again for every node.
/// </remarks>
[Method(Source = "BiTA, arXiv 2401.12522 §3.2 (streamlined generation and verification); without prompt tokens", Examples = ["bita", "bita(width=2, tree=opt-tree)"])]
public sealed class BitaDrafter : Drafter
{
    private readonly MaskDrafts _drafts;

    /// <param name="bita">The mask tokens.</param>
    /// <param name="target">The target itself; the caller keeps owning it.</param>
    /// <param name="depth">Levels of the tree; −1 is as many as the plan of the budget finds worth their rows, one for each mask token without one.</param>
    /// <param name="width">Children of a node and nodes expanded on each level, 1 to 64; 1 is a chain.</param>
    /// <param name="tree">Where candidates stand and how they are chosen; without one they are drawn, and siblings are distinct.</param>
    /// <param name="confidence">Stops growing where the product of the laws' highest probabilities along the path falls below this; 0 never stops early, −1 leaves it to the plan of the budget and is 0.6
    /// without one.</param>
    /// <exception cref="ArgumentException">An option is out of range, or a chain is to be wide.</exception>
    public BitaDrafter(ExtraInputs bita, IModel target, int depth = -1, int width = 1, TreeShape? tree = null, double confidence = -1) =>
        _drafts = new MaskDrafts(bita, new LevelGrower(new MaskAnswers(target), depth, width, tree, confidence) { MostDepth = Math.Max(1, bita.Count) }, everywhere: true);

    /// <inheritdoc/>
    public override void Draft(ReadOnlySpan<DraftSlot> batch) => _drafts.Draft(batch);

    /// <inheritdoc/>
    public override void Observe(in Step step) => _drafts.Observe(step);

    /// <inheritdoc/>
    public override void Release(Sequence sequence) => _drafts.Release(sequence);
}
