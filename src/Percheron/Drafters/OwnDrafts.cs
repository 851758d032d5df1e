using Percheron.Decoding;
using Percheron.Models;

namespace Percheron.Drafters;

/// <summary>
/// Trees that a view of the target grows over the target's own rows. What the view evaluates lies in an overlay and is dropped when drafting ends, or when the target has gone on with it;
/// the step that reads a prompt gets no draft: reading it a second time would cost more than one step can win.
/// </summary>
/// <param name="grower">Grows with the view.</param>
/// <param name="reading">Which of the target's rows it reads; null for all.</param>
/// <param name="reuse">Whether the view's layers are the target's first ones, and the target goes on with its rows: those of a tree are evaluated once.</param>
internal sealed class OwnDrafts(LevelGrower grower, SparseReading? reading = null, bool reuse = false)
{
    // More committed tokens than this behind the cache are a prompt, not what a step has added.
    private const int LongestCatchUp = 8;

    private readonly PerSequence<Growth> _growths = new(sequence =>
    {
        KvCache overlay = reading is null ? sequence.Cache!.NewOverlay() : sequence.Cache!.NewOverlay(reading);
        return new Growth(overlay, overlay: true, grower.Foresight is null ? null : Foresight.NewGuesses(sequence)) { Started = reuse ? new StartedRows(overlay, grower.Model.LayerCount) : null };
    });

    /// <summary>The view.</summary>
    public IModel Model => grower.Model;

    /// <summary>Drafts for a batch.</summary>
    /// <exception cref="ArgumentException">A sequence has no cache of the target.</exception>
    public void Draft(ReadOnlySpan<DraftSlot> batch)
    {
        grower.Begin();
        foreach (DraftSlot slot in batch)
        {
            if (slot.Sequence.Cache is not { } cache) throw new ArgumentException("self-speculation reads the target's cache, so it cannot draft beside the target");
            if (slot.Sequence.Count - cache.Length <= LongestCatchUp) grower.Join(slot, _growths[slot.Sequence]);
        }
        grower.Grow();
        if (reuse) return;
        foreach (DraftSlot slot in batch)
            if (_growths.TryGet(slot.Sequence, out Growth? growth)) growth.Drop();
    }

    /// <summary>Learns how a proposal came out.</summary>
    public void Observe(in Step step)
    {
        if (!_growths.TryGet(step.Sequence, out Growth? growth)) return;
        growth.Drop();
        grower.Observe(step, growth);
    }

    /// <summary>Frees what is kept for a sequence.</summary>
    public void Release(Sequence sequence)
    {
        if (_growths.TryGet(sequence, out Growth? growth)) grower.Foresight?.Release(growth);
        _growths.Release(sequence);
        grower.Release(sequence);
    }
}
