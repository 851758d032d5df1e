using Percheron.Decoding;

namespace Percheron.Drafters.Lengths;

/// <summary>
/// Entropy bound with a threshold that adapts: goes on while 1 − √(κ·H) is at least λ, where H is the draft law's entropy in nats; λ rises while less is accepted than is aimed at,
/// and falls while more is.
/// </summary>
[Method(Source = "AdaEDL, arXiv 2410.18351 §3; the adaptation is that of Draft & Verify, arXiv 2309.08168 §3.3", Examples = ["model(length=ada-edl)"])]
public sealed class AdaEdlLength : DraftLength
{
    // How much of the old acceptance and of the old threshold a step keeps, and how far a threshold moves.
    private const double KeepRate = 0.5, KeepThreshold = 0.9, Pace = 0.05;

    private readonly PerSequence<State> _states = new(_ => new State());
    private readonly Entropy _entropy = new();
    private readonly double _aim, _kappa;

    private sealed class State
    {
        public double Rate = -1, Lambda = 0.3;
    }

    /// <param name="aim">The share of drafted tokens that is to be accepted, 0 to 1.</param>
    /// <param name="kappa">How much an entropy of one nat counts, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public AdaEdlLength(double aim = 0.8, double kappa = 0.2)
    {
        if (!(aim is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(aim), "aim is a share, 0 to 1");
        if (!(kappa >= 0)) throw new ArgumentOutOfRangeException(nameof(kappa), "kappa is 0 (never stop) or more");
        (_aim, _kappa) = (aim, kappa);
    }

    /// <inheritdoc/>
    public override bool GoesOn(Sequence sequence, Distribution law) => 1 - Math.Sqrt(_kappa * _entropy.Of(law)) >= _states[sequence].Lambda;

    /// <inheritdoc/>
    public override void Observe(in Step step, int drafted)
    {
        State state = _states[step.Sequence];
        double rate = Math.Min(1, (double)step.Acceptance.Path.Length / drafted);
        state.Rate = state.Rate < 0 ? rate : (KeepRate * state.Rate) + ((1 - KeepRate) * rate);
        double moved = state.Lambda + (state.Rate < _aim ? Pace : -Pace);
        state.Lambda = Math.Clamp((KeepThreshold * state.Lambda) + ((1 - KeepThreshold) * moved), 0, 1);
    }

    /// <inheritdoc/>
    public override void Release(Sequence sequence) => _states.Release(sequence);
}
