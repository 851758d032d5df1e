using Percheron.Decoding;
using Percheron.Models;

namespace Percheron.Training.Features;

/// <summary>Asks another drafter what to propose and writes down the hidden states of every row that is committed: captures text that is read (the other proposes nothing) and text that is written.</summary>
internal sealed class RecordingDrafter : Drafter
{
    private readonly Drafter _inner;
    private readonly FeatureSet _wanted;
    private readonly Dictionary<Sequence, (FeatureRow Row, int Offset)> _places = [];

    /// <param name="inner">Who proposes.</param>
    /// <param name="wanted">States to write down.</param>
    public RecordingDrafter(Drafter inner, FeatureSet wanted) => (_inner, _wanted, Features) = (inner, wanted, wanted.Union(inner.Features));

    public override FeatureSet Features { get; }

    public override IModel? Model => _inner.Model;

    public override IReadOnlyList<Drafter> Members => [_inner];

    /// <summary>Where the states of a sequence go: its position 0 is input <paramref name="offset"/> of the row.</summary>
    public void Place(Sequence sequence, FeatureRow row, int offset) => _places.Add(sequence, (row, offset));

    public override void Draft(ReadOnlySpan<DraftSlot> batch) => _inner.Draft(batch);

    public override void Verifying(ReadOnlySpan<DraftSlot> batch) => _inner.Verifying(batch);

    public override void Observe(in Step step)
    {
        _inner.Observe(step);
        if (!_places.TryGetValue(step.Sequence, out (FeatureRow Row, int Offset) place)) return;
        for (int row = 0; row < step.CommittedRows; row++)
            for (int state = 0; state < _wanted.Count; state++)
                place.Row.Keep(place.Offset + step.FirstPosition + row, state, step.Feature(row, _wanted.States[state]));
    }

    public override void Release(Sequence sequence)
    {
        _inner.Release(sequence);
        _places.Remove(sequence);
    }
}
