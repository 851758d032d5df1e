using Percheron.Decoding;
using Percheron.Models;

namespace Percheron.Drafters;

/// <summary>Asks several drafters in turn; for each sequence the first that proposes anything wins, unless a plan expects more of a later one. Cheap ones come first.</summary>
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
        for (int i = 0; i < _drafters.Length; i++)
        {
            int count = 0;
            foreach (DraftSlot slot in batch)
            {
                if (slot.Tree.Count > 1) continue;
                slot.Tree.Author = _drafters[i];
                _open[count++] = slot;
            }
            if (count == 0) return;
            _drafters[i].Draft(_open.AsSpan(0, count));
            for (int slot = 0; slot < count; slot++)
                if (Rival(_open[slot].Tree, i)) _open[slot].Tree.Clear();
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Drafter> Members => _drafters;

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

    // Whether a later member is expected to win more than what was proposed. Only fixed candidates may be taken back, and only where no draft model has been paid for.
    private bool Rival(TokenTree tree, int member)
    {
        if (tree.Plan is not { } plan || tree.Count == 1 || tree.Forwards > 0 || !tree.IsFixed) return false;
        float gain = plan.Gain(tree);
        for (int later = member + 1; later < _drafters.Length; later++)
            if (plan.Gain(_drafters[later]) > gain) return true;
        return false;
    }
}
