using Percheron.Decoding;
using Percheron.Models;
using Percheron.Models.Heads;

namespace Percheron.Drafters;

/// <summary>Trees that a target grows by leaving early, with something trained at the exit. The target goes on with the rows its first layers have read for the draft.</summary>
internal sealed class ExitDrafts
{
    // More committed tokens than this behind the cache are a prompt, not what a step has added.
    private const int LongestCatchUp = 8;

    private readonly IExit _exit;
    private readonly LevelGrower _grower;
    private readonly PerSequence<Growth> _growths;

    /// <param name="target">The target itself; the caller keeps owning it.</param>
    /// <param name="exit">What stands at the exit; the caller keeps owning it.</param>
    /// <param name="grow">Makes the grower for the model it is given.</param>
    /// <exception cref="ArgumentException">The exit belongs to another target.</exception>
    public ExitDrafts(ILayeredModel target, IExit exit, Func<IModel, LevelGrower> grow)
    {
        if (exit.Layer < 1 || exit.Layer >= target.LayerCount) throw new ArgumentException($"the exit stands behind layer {exit.Layer} and the target has {target.LayerCount} layers: it belongs to another model", nameof(exit));
        var view = new ExitView(target.View([.. Enumerable.Range(0, exit.Layer)]), exit);
        (_exit, _grower, Features) = (exit, grow(view), new FeatureSet(exit.Layer));
        _growths = new PerSequence<Growth>(sequence =>
        {
            ExitCache cache = view.NewCache(sequence.Cache!);
            return new Growth(cache, overlay: true) { Started = cache.Started };
        });
    }

    /// <summary>What the exit reads of the target.</summary>
    public FeatureSet Features { get; }

    /// <summary>The target that is left early.</summary>
    public IModel Model => _grower.Model;

    /// <summary>Drafts for a batch, where the exit knows all committed rows.</summary>
    public void Draft(ReadOnlySpan<DraftSlot> batch)
    {
        _grower.Begin();
        foreach (DraftSlot slot in batch)
            if (slot.Sequence.Cache is { } cache && slot.Sequence.Count - cache.Length <= LongestCatchUp && _growths.TryGet(slot.Sequence, out Growth? growth) && ((ExitCache)growth.Cache).Told == cache.Length)
                _grower.Join(slot, growth);
        _grower.Grow();
    }

    /// <summary>Learns how a proposal came out, and the target's states in the rows it committed.</summary>
    public void Observe(in Step step)
    {
        // A forecast commits nothing, and tells nothing.
        if (step.Sequence.Cache is null) return;
        Growth growth = _growths[step.Sequence];
        growth.Drop();
        _grower.Observe(step, growth);
        for (int row = 0; row < step.CommittedRows; row++) ((ExitCache)growth.Cache).Tell(step.FirstPosition + row, step.Feature(row, _exit.Layer));
    }

    /// <summary>Frees what is kept for a sequence.</summary>
    public void Release(Sequence sequence)
    {
        _growths.Release(sequence);
        _grower.Release(sequence);
    }
}
