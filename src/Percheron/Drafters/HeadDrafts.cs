using Percheron.Decoding;
using Percheron.Models;
using Percheron.Models.Heads;

namespace Percheron.Drafters;

/// <summary>Trees that a head grows from the target's hidden states: it is told those of every committed row, and drafts once it knows the one before the root.</summary>
internal sealed class HeadDrafts
{
    private readonly LevelGrower _grower;
    private readonly IHead _head;
    private readonly PerSequence<Growth> _growths;

    /// <param name="head">The head; the caller keeps owning it.</param>
    /// <param name="grower">Grows with it; made by <see cref="Grower"/>.</param>
    public HeadDrafts(IHead head, LevelGrower grower)
    {
        (_head, _grower) = (head, grower);
        _growths = new PerSequence<Growth>(_ => new Growth(head.NewHeadCache()) { Rereads = true });
    }

    /// <summary>What the head reads of the target.</summary>
    public FeatureSet Features => _head.Reads;

    /// <summary>The head.</summary>
    public IModel Model => _head;

    /// <summary>Grows trees with a head, as deep as it reaches; see the constructor of <see cref="LevelGrower"/>.</summary>
    public static LevelGrower Grower(IHead head, int depth, int width, TreeShape? tree, double confidence, DraftLength? length) =>
        new(head, depth, width, tree, confidence, length) { MostDepth = head.MaxDepth };

    /// <summary>Drafts for a batch.</summary>
    public void Draft(ReadOnlySpan<DraftSlot> batch)
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

    /// <summary>Learns how a proposal came out, and what the target's states are in the rows it committed.</summary>
    /// <exception cref="ArgumentException">The target's states are not of the size the head was made for.</exception>
    public void Observe(in Step step)
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

    /// <summary>Frees what is kept for a sequence.</summary>
    public void Release(Sequence sequence)
    {
        _growths.Release(sequence);
        _grower.Release(sequence);
    }
}
