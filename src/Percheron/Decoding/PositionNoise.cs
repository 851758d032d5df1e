using Percheron.Kernels;

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
        int winner = 0;
        double time = 0;
        ExponentialRace.First(Seed, (uint)position, law.Tokens, law.Probabilities, new(ref winner), new(ref time));
        return law.Tokens[winner];
    }

    /// <inheritdoc/>
    public override int Draw(int position, Distribution law, Span<int> tokens)
    {
        if (_times.Length < tokens.Length) _times = new double[Math.Max(tokens.Length, 2 * _times.Length)];
        int count = ExponentialRace.First(Seed, (uint)position, law.Tokens, law.Probabilities, tokens, _times);
        for (int i = 0; i < count; i++) tokens[i] = law.Tokens[tokens[i]];
        return count;
    }

    /// <inheritdoc/>
    public override RandomSource Fork() => new PositionNoise(Seed);
}
