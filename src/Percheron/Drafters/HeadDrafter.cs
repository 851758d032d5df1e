using Percheron.Decoding;
using Percheron.Models;
using Percheron.Models.Heads;

namespace Percheron.Drafters;

/// <summary>A drafter that grows trees with a head: it tells the head the target's hidden states of every committed row, and drafts once the head knows those before the root.</summary>
public abstract class HeadDrafter : Drafter
{
    private readonly LevelGrower _grower;
    private readonly IHead _head;
    private readonly PerSequence<Growth> _growths;

    /// <param name="head">The head; the caller keeps owning it.</param>
    /// <param name="depth">Levels of the tree, at most as many as the head reaches; −1 is as many as the plan of the budget finds worth their time, 7 without one.</param>
    /// <param name="width">Children of a node and nodes expanded on each level, 1 to 64; 1 is a chain.</param>
    /// <param name="tree">Where candidates stand and how they are chosen; without one they are drawn, and siblings are distinct.</param>
    /// <param name="confidence">Stops growing where the product of the laws' highest probabilities along the path falls below this; 0 never stops early, −1 leaves it to the plan of the budget and is 0.6 without one.</param>
    /// <param name="length">When to stop drafting; with one, depth and confidence hold only as far as they are given.</param>
    /// <exception cref="ArgumentException">An option is out of range, or a chain is to be wide.</exception>
    protected HeadDrafter(IHead head, int depth, int width, TreeShape? tree, double confidence, DraftLength? length)
    {
        _head = head;
        _grower = new LevelGrower(head, depth, width, tree, confidence, length) { MostDepth = head.MaxDepth };
        _growths = new PerSequence<Growth>(_ => new Growth(head.NewHeadCache()) { Rereads = true });
    }

    /// <inheritdoc/>
    public override FeatureSet Features => _head.Reads;

    /// <inheritdoc/>
    public override IModel? Model => _head;

    /// <inheritdoc/>
    public override void Draft(ReadOnlySpan<DraftSlot> batch)
    {
        _grower.Begin();
        foreach (DraftSlot slot in batch)
        {
            // The target has evaluated what its cache holds, and all of that was told.
            if (slot.Sequence.Cache?.Length != slot.Sequence.Count - 1 || !_growths.TryGet(slot.Sequence, out Growth? growth)) continue;
            var cache = (HeadCache)growth.Cache;
            cache.Forget(slot.Sequence.Count - 1);
            if (cache.Told == slot.Sequence.Count - 1) _grower.Join(slot, growth);
        }
        _grower.Grow();
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The target's states are not of the size the head was made for.</exception>
    public override void Observe(in Step step)
    {
        Growth growth = _growths[step.Sequence];
        _grower.Observe(step, growth);
        var cache = (HeadCache)growth.Cache;
        for (int row = 0; row < step.CommittedRows; row++)
        {
            Span<float> told = cache.Tell(step.FirstPosition + row);
            foreach (int state in _head.Reads.States)
            {
                ReadOnlySpan<float> feature = step.Feature(row, state);
                if (feature.Length != _head.StateSize) throw new ArgumentException($"the head was made for hidden states of {_head.StateSize} floats and the target's have {feature.Length}: it belongs to another model");
                feature.CopyTo(told);
                told = told[feature.Length..];
            }
        }
    }

    /// <inheritdoc/>
    public override void Release(Sequence sequence)
    {
        _growths.Release(sequence);
        _grower.Release(sequence);
    }
}
