using Percheron.Decoding;
using Percheron.Models;

namespace Percheron.Drafters;

/// <summary>The target drafts for itself with some of its layers left out; no second model and no second cache are needed.</summary>
/// <remarks>
/// The view reads the target's committed rows and keeps its own rows in a private scratch that is dropped when drafting ends. The step that reads a prompt gets no draft:
/// reading it a second time would cost more than one step can win.
/// </remarks>
[Method(Source = "Draft & Verify, arXiv 2309.08168; SWIFT, arXiv 2410.06916 (first and last layer kept)", Examples = ["self", "self(skip=2, depth=3)"])]
public sealed class SelfDrafter : Drafter
{
    // More committed tokens than this behind the cache are a prompt, not what a step has added.
    private const int LongestCatchUp = 8;

    private readonly PerSequence<Growth> _growths;
    private readonly LevelGrower _grower;

    /// <param name="target">The target itself; the caller keeps owning it.</param>
    /// <param name="skip">Layers left out, spread evenly between the first and the last, which stay; −1 leaves out every second one between them.</param>
    /// <param name="depth">Levels of the tree, so the most tokens one step can win from it, 1 to 256; −1 is as many as the plan of the budget finds worth their time, 4 without one.</param>
    /// <param name="width">Children of a node and nodes expanded on each level, 1 to 64; 1 is a chain.</param>
    /// <param name="tree">Where candidates stand and how they are chosen; without one they are drawn, and siblings are distinct.</param>
    /// <param name="confidence">As of <see cref="ModelDrafter"/>; a level of the target's own layers is dear, so it is not 0.</param>
    /// <param name="length">When to stop drafting; with one, depth and confidence hold only as far as they are given.</param>
    /// <exception cref="ArgumentException">An option is out of range, or a chain is to be wide.</exception>
    public SelfDrafter(ILayeredModel target, int skip = -1, int depth = -1, int width = 1, TreeShape? tree = null, double confidence = -1, DraftLength? length = null)
    {
        _grower = new LevelGrower(target.View(Layers(target.LayerCount, skip)), depth, width, tree, confidence, length) { FreeDepth = 4 };
        _growths = new PerSequence<Growth>(static sequence => new Growth(sequence.Cache!.NewOverlay(), overlay: true));
    }

    /// <inheritdoc/>
    public override IModel? Model => _grower.Model;

    /// <inheritdoc/>
    public override void Draft(ReadOnlySpan<DraftSlot> batch)
    {
        _grower.Begin();
        foreach (DraftSlot slot in batch)
        {
            if (slot.Sequence.Cache is not { } cache) throw new ArgumentException("self reads the target's cache, so it cannot draft beside the target");
            if (slot.Sequence.Count - cache.Length <= LongestCatchUp) _grower.Join(slot, _growths[slot.Sequence]);
        }
        _grower.Grow();
        foreach (DraftSlot slot in batch)
            if (_growths.TryGet(slot.Sequence, out Growth? growth)) growth.Drop();
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

    /// <summary>The layers that stay, ascending.</summary>
    internal static int[] Layers(int count, int skip)
    {
        int between = Math.Max(count - 2, 0);
        if (skip == -1) skip = between / 2;
        if (skip < 0 || skip > between)
            throw new ArgumentOutOfRangeException(nameof(skip), $"skip is 0 to {between} for a model of {count} layers, of which the first and the last stay, or -1");
        // Layer 1 + i is left out where (i + 1) · skip / between passes a whole number.
        var kept = new List<int>();
        for (int layer = 0; layer < count; layer++)
        {
            int i = layer - 1;
            bool inside = layer > 0 && layer < count - 1;
            if (!inside || (i + 1) * skip / between == i * skip / between) kept.Add(layer);
        }
        return [.. kept];
    }
}
