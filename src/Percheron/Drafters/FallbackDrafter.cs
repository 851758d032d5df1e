using Percheron.Decoding;
using Percheron.Models;

namespace Percheron.Drafters;

/// <summary>Asks several drafters in turn; for each sequence the first that proposes anything wins. Cheap ones come first.</summary>
/// <remarks>All of them see every finished step, so that one that was not asked stays up to date.</remarks>
[Method(Source = "Hybrid retrieval and model drafting: SuffixDecoding, arXiv 2411.04975 §4; SAM decoding, arXiv 2411.10666 §3.3", Examples = ["fallback(suffix, ngram)", "fallback(suffix(least=1), model)"])]
public sealed class FallbackDrafter : Drafter
{
    private readonly Drafter[] _drafters;
    private DraftSlot[] _open = [];

    /// <param name="drafters">In the order in which they are asked; at least one.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public FallbackDrafter(params Drafter[] drafters)
    {
        if (drafters.Length == 0) throw new ArgumentException("fallback needs at least one drafter, as in fallback(suffix, ngram)", nameof(drafters));
        _drafters = [.. drafters];
        Features = FeatureSet.None;
        foreach (Drafter drafter in drafters) Features = Features.Union(drafter.Features);
    }

    /// <inheritdoc/>
    public override FeatureSet Features { get; }

    /// <inheritdoc/>
    public override void Draft(ReadOnlySpan<DraftSlot> batch)
    {
        if (_open.Length < batch.Length) _open = new DraftSlot[batch.Length];
        foreach (Drafter drafter in _drafters)
        {
            int count = 0;
            foreach (DraftSlot slot in batch)
                if (slot.Tree.Count == 1) _open[count++] = slot;
            if (count == 0) return;
            drafter.Draft(_open.AsSpan(0, count));
        }
    }

    /// <inheritdoc/>
    public override void Verifying(ReadOnlySpan<DraftSlot> batch)
    {
        foreach (Drafter drafter in _drafters) drafter.Verifying(batch);
    }

    /// <inheritdoc/>
    public override void Observe(in Step step)
    {
        foreach (Drafter drafter in _drafters) drafter.Observe(step);
    }

    /// <inheritdoc/>
    public override void Release(Sequence sequence)
    {
        foreach (Drafter drafter in _drafters) drafter.Release(sequence);
        // The buffer would keep the sequences of its largest batch alive.
        Array.Clear(_open);
    }
}
