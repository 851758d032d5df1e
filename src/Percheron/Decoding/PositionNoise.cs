namespace Percheron.Decoding;

/// <summary>
/// Randomness addressed by position: the token at position t is argmin over x of E(seed, t, x) / law(x) with exponential noise E, a pure function of
/// seed, position and law. Whoever draws for one position, draft or target, races on the same noise.
/// Source: methods.md V10; exponential races / Gumbel coupling, arXiv 2504.15475.
/// </summary>
public sealed class PositionNoise(ulong seed) : SeededRandom(seed)
{
    private double[] _times = [];

    /// <inheritdoc/>
    public override bool SharesNoise => true;

    /// <inheritdoc/>
    public override int Draw(int position, Distribution law)
    {
        if (law.IsPoint) return law.Tokens[0];
        ReadOnlySpan<int> tokens = law.Tokens;
        ReadOnlySpan<float> probabilities = law.Probabilities;
        int best = -1;
        double first = double.PositiveInfinity;
        for (int i = 0; i < tokens.Length; i++)
        {
            double time = Time(position, tokens[i], probabilities[i]);
            if (time < first) (first, best) = (time, i);      // ascending tokens: the lowest wins a tie
        }
        return tokens[Math.Max(best, 0)];
    }

    /// <inheritdoc/>
    public override int Draw(int position, Distribution law, Span<int> tokens)
    {
        if (_times.Length < law.Count) _times = new double[Math.Max(law.Count, 2 * _times.Length)];
        for (int i = 0; i < law.Count; i++) _times[i] = Time(position, law.Tokens[i], law.Probabilities[i]);
        Span<double> times = _times.AsSpan(0, law.Count);
        int count = 0;
        for (; count < tokens.Length; count++)
        {
            int best = 0;
            for (int i = 1; i < times.Length; i++) if (times[i] < times[best]) best = i;
            if (times.IsEmpty || double.IsPositiveInfinity(times[best])) break;
            tokens[count] = law.Tokens[best];
            times[best] = double.PositiveInfinity;
        }
        return count;
    }

    /// <inheritdoc/>
    public override RandomSource Fork() => new PositionNoise(Seed);

    private double Time(int position, int token, float probability) =>
        probability > 0 ? -Math.Log(Philox.Uniform(Seed, (ulong)(uint)token, (ulong)(uint)position)) / probability : double.PositiveInfinity;
}
