using Percheron.Decoding;

namespace Percheron.Drafters.Lengths;

/// <summary>
/// Driven by acceptance: each sequence's rate α of accepted first candidates is followed, and the next draft has the number of levels d that is fastest at this rate when a level
/// costs the share c of a plain step: the most of (1 − α^(d+1)) / ((1 − α)·(1 + c·d)).
/// </summary>
[Method(Source = "Leviathan et al., arXiv 2211.17192 §3.5; measured acceptance: SmartSpec, arXiv 2406.14066 §4", Examples = ["model(length=acceptance)"])]
public sealed class AcceptanceLength : DraftLength
{
    // Trials of which the rate remembers about half, and how many trials of what rate are thought to have come before.
    private const double Keep = 0.97, PriorTrials = 4, PriorRate = 0.7;

    private readonly PerSequence<State> _states = new(_ => new State());
    private readonly double _cost;

    private sealed class State
    {
        public double Trials = PriorTrials, Hits = PriorTrials * PriorRate;
    }

    /// <param name="cost">What a level, its draft forward and its row, costs as a share of a plain step, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is not above 0.</exception>
    public AcceptanceLength(double cost = 0.15)
    {
        if (!(cost > 0)) throw new ArgumentOutOfRangeException(nameof(cost), "cost is above 0: what a level costs as a share of a plain step");
        _cost = cost;
    }

    /// <inheritdoc/>
    public override int Levels(Sequence sequence, int most)
    {
        State state = _states[sequence];
        double rate = state.Hits / state.Trials, power = rate, tokens = 1 + rate, best = tokens / (1 + _cost);
        int levels = 1;
        // Tokens for each plain step's time rise with the levels up to one number of them and fall from there.
        for (int d = 2; d <= most; d++)
        {
            tokens += power *= rate;
            if (tokens / (1 + (_cost * d)) <= best) break;
            (best, levels) = (tokens / (1 + (_cost * d)), d);
        }
        return levels;
    }

    /// <inheritdoc/>
    public override void Observe(in Step step, int drafted)
    {
        State state = _states[step.Sequence];
        int accepted = Math.Min(step.Acceptance.Path.Length, drafted), trials = Math.Min(accepted + 1, drafted);
        for (int i = 0; i < trials; i++) (state.Trials, state.Hits) = ((Keep * state.Trials) + 1, (Keep * state.Hits) + (i < accepted ? 1 : 0));
    }

    /// <inheritdoc/>
    public override void Release(Sequence sequence) => _states.Release(sequence);
}
