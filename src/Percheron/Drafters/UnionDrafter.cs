using Percheron.Decoding;
using Percheron.Models;

namespace Percheron.Drafters;

/// <summary>Asks several drafters at once and joins what they propose in one tree: common beginnings are one path, and the target evaluates them once.</summary>
/// <remarks>
/// Each member has a share of the budget and learns from every step as if its own proposal had been verified alone. Where several have drawn candidates under one node, the first
/// keeps the tags of its draws; those of the others count as fixed there, which needs no law, so they may be dropped where they are there already (methods.md P).
/// </remarks>
[Method(Source = "Merged trees of several drafters: SpecInfer, arXiv 2305.09781 §3 (merge-based construction); tags: methods.md 2.1-P", Examples = ["union(suffix, model)", "union(ngram, recycling(nodes=10, depth=3), model(depth=3, width=2))"])]
public sealed class UnionDrafter : Drafter
{
    private readonly Drafter[] _drafters;
    private readonly PerSequence<JoinedTree> _joined;
    private DraftSlot[] _slots = [];
    private JoinedTree[] _trees = [];

    /// <param name="drafters">At least one. Where they draw, the first one's draws count for most; the last may use what the others leave of the budget.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public UnionDrafter(params Drafter[] drafters)
    {
        if (drafters.Length == 0) throw new ArgumentException("union needs at least one drafter, as in union(suffix, model)", nameof(drafters));
        _drafters = [.. drafters];
        Features = FeatureSet.None;
        foreach (Drafter drafter in drafters) Features = Features.Union(drafter.Features);
        _joined = new PerSequence<JoinedTree>(_ => new JoinedTree(_drafters));
    }

    /// <inheritdoc/>
    public override FeatureSet Features { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Drafter> Members => _drafters;

    /// <inheritdoc/>
    public override void Draft(ReadOnlySpan<DraftSlot> batch)
    {
        Reserve(batch.Length);
        for (int i = 0; i < batch.Length; i++) (_trees[i] = _joined[batch[i].Sequence]).Begin(batch[i].Tree);
        for (int member = 0; member < _drafters.Length; member++)
        {
            int count = 0;
            for (int i = 0; i < batch.Length; i++)
                if (_trees[i].Open(member) is { } tree) _slots[count++] = new DraftSlot(batch[i].Sequence, tree);
            if (count > 0) _drafters[member].Draft(_slots.AsSpan(0, count));
        }
        for (int i = 0; i < batch.Length; i++) _trees[i].Join();
    }

    /// <inheritdoc/>
    public override void Verifying(ReadOnlySpan<DraftSlot> batch)
    {
        Reserve(batch.Length);
        for (int member = 0; member < _drafters.Length; member++)
        {
            for (int i = 0; i < batch.Length; i++) _slots[i] = new DraftSlot(batch[i].Sequence, _joined[batch[i].Sequence].Part(member) ?? batch[i].Tree);
            _drafters[member].Verifying(_slots.AsSpan(0, batch.Length));
        }
    }

    /// <inheritdoc/>
    public override void Observe(in Step step)
    {
        bool known = _joined.TryGet(step.Sequence, out JoinedTree? joined) && joined.Has(step.Tree);
        for (int member = 0; member < _drafters.Length; member++)
        {
            if (known) joined!.Show(step, member);
            else _drafters[member].Observe(step);
        }
        joined?.End();
    }

    /// <inheritdoc/>
    public override void Release(Sequence sequence)
    {
        foreach (Drafter drafter in _drafters) drafter.Release(sequence);
        _joined.Release(sequence);
        // The buffers would keep the sequences of the largest batch alive.
        Array.Clear(_slots);
        Array.Clear(_trees);
    }

    private void Reserve(int batch)
    {
        if (_slots.Length < batch) (_slots, _trees) = (new DraftSlot[batch], new JoinedTree[batch]);
    }
}
