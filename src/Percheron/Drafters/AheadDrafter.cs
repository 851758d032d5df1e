using System.Runtime.ExceptionServices;
using Percheron.Decoding;

namespace Percheron.Drafters;

/// <summary>
/// Drafts ahead of time: while the target verifies a proposal, the inner drafter goes on, on a thread of its own, as if all of it were accepted, and guesses the token the target adds.
/// If that is what happens, the next proposal is there without waiting; if not, it is dropped and drafted anew.
/// </summary>
/// <remarks>
/// The text does not depend on which thread is faster: the forecast is always waited for. The inner drafter draws from a fork of the sequence's source and sees child sequences
/// only; of the target's answers it learns nothing but tokens, so it must do without hidden states. Its models need threads beside the target's (<see cref="ISpecHost.Beside"/>). The thread ends with the last sequence.
/// Where a source cannot be forked, as in an enumeration, the same is done on the caller's thread.
/// </remarks>
[Method(Source = "PEARL, arXiv 2408.11850; AMUSD, arXiv 2410.17375; DSI, arXiv 2405.14105; outcomes drafted in advance: SSD, arXiv 2603.03251",
    Examples = ["ahead(model(depth=3, confidence=0))", "ahead(model(depth=3, width=2))", "ahead(suffix)"], DraftsBeside = true)]
public sealed class AheadDrafter : Drafter
{
    private readonly PerSequence<Forecast> _forecasts;
    private readonly Drafter _inner;
    private DraftSlot[] _asked = [], _coming = [];
    private SideThread? _thread;
    private ExceptionDispatchInfo? _failure;
    private int _count, _alive;

    /// <param name="inner">Who drafts.</param>
    /// <exception cref="ArgumentException">The inner drafter needs hidden states of the target.</exception>
    public AheadDrafter(Drafter inner)
    {
        if (inner.Features.Count > 0) throw new ArgumentException("the inner drafter needs hidden states, which the target has not computed when it drafts ahead", nameof(inner));
        _inner = inner;
        Members = [inner];
        _forecasts = new PerSequence<Forecast>(parent =>
        {
            _alive++;
            return new Forecast(new Sequence(parent.Tokens, new SequenceOptions { Sampling = parent.Sampling, Random = parent.Random.Fork() }) { Vocab = parent.Vocab });
        });
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Drafter> Members { get; }

    /// <inheritdoc/>
    public override void Draft(ReadOnlySpan<DraftSlot> batch)
    {
        Join();
        if (_asked.Length < batch.Length) _asked = new DraftSlot[batch.Length];
        int count = 0;
        foreach (DraftSlot slot in batch)
        {
            slot.Tree.Author = _inner;
            Forecast forecast = _forecasts[slot.Sequence];
            if (!forecast.TryTake(slot)) _asked[count++] = forecast.Ask(slot);
        }
        if (count > 0) _inner.Draft(_asked.AsSpan(0, count));
        foreach (DraftSlot slot in batch) _forecasts[slot.Sequence].Noted(slot.Tree);
    }

    /// <inheritdoc/>
    public override void Verifying(ReadOnlySpan<DraftSlot> batch)
    {
        Join();
        if (_coming.Length < batch.Length) _coming = new DraftSlot[batch.Length];
        bool alone = true;
        _count = 0;
        foreach (DraftSlot slot in batch)
        {
            Forecast forecast = _forecasts[slot.Sequence];
            forecast.Make(slot, _inner);
            _coming[_count++] = forecast.Slot;
            alone &= forecast.Child.Random != slot.Sequence.Random;
        }
        if (alone) (_thread ??= new SideThread(Go)).Start();
        else Go();
    }

    /// <inheritdoc/>
    public override void Release(Sequence sequence)
    {
        if (!_forecasts.TryGet(sequence, out Forecast? forecast)) return;
        Wait();
        _inner.Release(forecast.Child);
        _forecasts.Release(sequence);
        // The buffers would keep the sequences of the largest batch alive.
        Array.Clear(_asked);
        Array.Clear(_coming);
        _count = 0;
        if (--_alive > 0) return;
        _thread?.Dispose();
        _thread = null;
    }

    private void Go() => _inner.Draft(_coming.AsSpan(0, _count));

    private void Join()
    {
        Wait();
        (ExceptionDispatchInfo? failure, _failure) = (_failure, null);
        failure?.Throw();
    }

    private void Wait() => _failure = _thread?.Join() ?? _failure;
}
