using Percheron.Decoding;
using Percheron.Models;

namespace Percheron.Drafters;

/// <summary>A small model that guesses several tokens in one forward: behind the last token it reads copies of a mask, whose answers are the guesses for the places behind the next one.</summary>
/// <remarks>
/// It needs nothing of the target but its vocabulary. A guess depends on what is committed and on its place, not on the guesses between, so a drawn path has the law of a product and every
/// rule for drawn tokens is exact.
/// </remarks>
[Method(Source = "PARD, arXiv 2504.18583", Examples = ["pard", "pard(depth=4, confidence=0)"])]
public sealed class PardDrafter : Drafter
{
    private readonly PerSequence<Growth> _growths;
    private readonly LevelGrower _grower;

    /// <param name="pard">The parallel draft; the caller keeps owning it.</param>
    /// <param name="depth">Levels of the tree, at most as many as the model guesses; −1 is as many as the plan of the budget finds worth their time, 7 without one.</param>
    /// <param name="width">Children of a node and nodes expanded on each level, 1 to 64; 1 is a chain.</param>
    /// <param name="tree">Where candidates stand and how they are chosen; without one they are drawn, and siblings are distinct.</param>
    /// <param name="confidence">Stops growing where the product of the laws' highest probabilities along the path falls below this; 0 never stops early, −1 leaves it to the plan of the budget and is 0.6 without one.</param>
    /// <param name="length">When to stop drafting; with one, depth and confidence hold only as far as they are given.</param>
    /// <exception cref="ArgumentException">An option is out of range, or a chain is to be wide.</exception>
    public PardDrafter(ParallelModel pard, int depth = -1, int width = 1, TreeShape? tree = null, double confidence = -1, DraftLength? length = null)
    {
        _grower = new LevelGrower(pard, depth, width, tree, confidence, length) { MostDepth = pard.MaxDepth };
        _growths = new PerSequence<Growth>(_ => new Growth(pard.NewCache()) { Rereads = true });
    }

    /// <inheritdoc/>
    public override IModel? Model => _grower.Model;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">Draft and target do not share a vocabulary.</exception>
    public override void Draft(ReadOnlySpan<DraftSlot> batch)
    {
        _grower.Begin();
        foreach (DraftSlot slot in batch) _grower.Join(slot, _growths[slot.Sequence]);
        _grower.Grow();
    }

    /// <inheritdoc/>
    public override void Observe(in Step step)
    {
        if (_growths.TryGet(step.Sequence, out Growth? growth)) _grower.Observe(step, growth);
    }

    /// <inheritdoc/>
    public override void Release(Sequence sequence)
    {
        _growths.Release(sequence);
        _grower.Release(sequence);
    }
}
