using Percheron.Decoding;
using Percheron.Models;

namespace Percheron.Drafters;

/// <summary>Horizontal cascade: the first drafter, the best one, proposes the tokens that are most likely reached, and each further one, cheaper, goes on behind the first path of those before it.</summary>
/// <remarks>
/// A further drafter sees a child sequence that is the text as it will be if that path is accepted; where nothing was proposed before it, it begins at the text itself. It learns
/// from a step only if its first token was in question.
/// </remarks>
[Method(Source = "Cascade speculative drafting, horizontal, arXiv 2312.11462 §3.2", Examples = ["horizontal(model, suffix)", "horizontal(model(depth=2, width=2), recycling(nodes=6, depth=3))", "horizontal(ngram(length=3), model(depth=2))"])]
public sealed class HorizontalDrafter : Drafter
{
    private readonly Drafter[] _drafters;
    private readonly PerSequence<Relay> _relays;
    private DraftSlot[] _slots = [];
    private Relay[] _running = [];

    /// <param name="drafters">The best one first; at least one.</param>
    /// <exception cref="ArgumentException">There is none, or one that goes on behind others needs hidden states of tokens that are not committed.</exception>
    public HorizontalDrafter(params Drafter[] drafters)
    {
        if (drafters.Length == 0) throw new ArgumentException("horizontal needs at least one drafter, as in horizontal(model, suffix)", nameof(drafters));
        foreach (Drafter drafter in drafters[1..])
            if (drafter.Features.Count > 0) throw new ArgumentException("only the first drafter of horizontal can have hidden states: what the others go on behind is not evaluated yet", nameof(drafters));
        _drafters = [.. drafters];
        _relays = new PerSequence<Relay>(parent => new Relay(parent, _drafters.Length));
    }

    /// <inheritdoc/>
    public override FeatureSet Features => _drafters[0].Features;

    /// <inheritdoc/>
    public override IReadOnlyList<Drafter> Members => _drafters;

    /// <inheritdoc/>
    public override void Draft(ReadOnlySpan<DraftSlot> batch)
    {
        if (_slots.Length < batch.Length) (_slots, _running) = (new DraftSlot[batch.Length], new Relay[batch.Length]);
        foreach (DraftSlot slot in batch)
        {
            slot.Tree.Author = _drafters[0];
            _relays[slot.Sequence].Begin();
        }
        _drafters[0].Draft(batch);
        for (int member = 1; member < _drafters.Length; member++)
        {
            int count = 0;
            foreach (DraftSlot slot in batch)
            {
                Relay relay = _relays[slot.Sequence];
                if (!relay.Open(slot, member, _drafters[member])) continue;
                (_running[count], _slots[count++]) = (relay, relay.Slot(member));
            }
            if (count > 0) _drafters[member].Draft(_slots.AsSpan(0, count));
            for (int i = 0; i < count; i++) _running[i].Close(member);
        }
    }

    /// <inheritdoc/>
    public override void Verifying(ReadOnlySpan<DraftSlot> batch) => _drafters[0].Verifying(batch);

    /// <inheritdoc/>
    public override void Observe(in Step step)
    {
        _drafters[0].Observe(step);
        if (!_relays.TryGet(step.Sequence, out Relay? relay)) return;
        for (int member = 1; member < _drafters.Length; member++) relay.Show(step, member, _drafters[member]);
    }

    /// <inheritdoc/>
    public override void Release(Sequence sequence)
    {
        _drafters[0].Release(sequence);
        if (_relays.TryGet(sequence, out Relay? relay))
            for (int member = 1; member < _drafters.Length; member++) _drafters[member].Release(relay.Slot(member).Sequence);
        _relays.Release(sequence);
        // The buffers would keep the sequences of the largest batch alive.
        Array.Clear(_slots);
        Array.Clear(_running);
    }
}
