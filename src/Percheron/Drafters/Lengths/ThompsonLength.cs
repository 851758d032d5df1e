using Percheron.Decoding;

namespace Percheron.Drafters.Lengths;

/// <summary>
/// Thompson sampling over going on and stopping: behind every token a rate of acceptance is drawn from what this sequence has shown of it, a Beta law, and drafting goes on with that probability.
/// </summary>
/// <remarks>What is drawn is a hash of the seed and of a counter: it neither takes from the sequence's randomness nor depends on a drafted token.</remarks>
[Method(Source = "EESD, arXiv 2406.03853 §3.3", Examples = ["model(length=thompson)"])]
public sealed class ThompsonLength : DraftLength
{
    // Trials of which about half are remembered, and what is thought to have come before: each of the two counts stays above 1.
    private const double Keep = 0.98, PriorHits = 3, PriorMisses = 1;

    // Keeps these draws apart from all that a sequence asks of its own source.
    private const ulong Stream = 1UL << 59;

    private readonly PerSequence<State> _states = new(sequence => new State(sequence.Options.Seed));

    /// <inheritdoc/>
    public override bool GoesOn(Sequence sequence, Distribution law)
    {
        State state = _states[sequence];
        double hits = state.Gamma(PriorHits + state.Hits), misses = state.Gamma(PriorMisses + state.Misses);
        return state.Uniform() * (hits + misses) < hits;
    }

    /// <inheritdoc/>
    public override void Observe(in Step step, int drafted)
    {
        State state = _states[step.Sequence];
        int accepted = Math.Min(step.Acceptance.Path.Length, drafted);
        for (int i = 0; i < Math.Min(accepted + 1, drafted); i++) (state.Hits, state.Misses) = ((Keep * state.Hits) + (i < accepted ? 1 : 0), (Keep * state.Misses) + (i < accepted ? 0 : 1));
    }

    /// <inheritdoc/>
    public override void Release(Sequence sequence) => _states.Release(sequence);

    private sealed class State(ulong seed)
    {
        public double Hits, Misses;

        private ulong _count;

        public double Uniform() => Philox.Uniform(seed, _count++, Stream);

        // Marsaglia and Tsang's squeeze, for shapes of at least 1.
        public double Gamma(double shape)
        {
            double d = shape - (1.0 / 3), c = 1 / Math.Sqrt(9 * d);
            while (true)
            {
                double x = Math.Sqrt(-2 * Math.Log(Uniform())) * Math.Cos(2 * Math.PI * Uniform()), v = 1 + (c * x);
                if (v <= 0) continue;
                v *= v * v;
                if (Math.Log(Uniform()) < (0.5 * x * x) + d - (d * v) + (d * Math.Log(v))) return d * v;
            }
        }
    }
}
