namespace Percheron.Decoding;

/// <summary>Fresh randomness from a seed: every question advances a counter. The source of ratio verifiers.</summary>
public class SeededRandom(ulong seed) : RandomSource
{
    // Streams keep forks, and the position noise of a derived class, apart from this source's own numbers.
    private const ulong FreshStream = 1UL << 62, ForkStream = 1UL << 61;
    private ulong _counter, _forks;

    /// <summary>The seed.</summary>
    protected ulong Seed { get; } = seed;

    /// <inheritdoc/>
    public override bool Accept(double probability) => Philox.Uniform(Seed, _counter++, FreshStream) <= probability;

    /// <inheritdoc/>
    public override int Pick(ReadOnlySpan<float> weights)
    {
        double total = 0;
        foreach (float w in weights) total += w;
        double at = (Philox.Uniform(Seed, _counter++, FreshStream)) * total, sum = 0;
        int last = -1;
        for (int i = 0; i < weights.Length; i++)
        {
            if (weights[i] <= 0) continue;
            sum += weights[i];
            last = i;
            if (at <= sum) return i;
        }
        return last >= 0 ? last : throw new ArgumentException("no weight is positive", nameof(weights));
    }

    /// <inheritdoc/>
    public override RandomSource Fork() => new SeededRandom(NextForkSeed());

    /// <summary>A seed for the next fork.</summary>
    protected ulong NextForkSeed() => Philox.Bits(Seed, _forks++, ForkStream);
}
