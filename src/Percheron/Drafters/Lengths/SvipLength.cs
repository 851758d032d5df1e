using Percheron.Decoding;

namespace Percheron.Drafters.Lengths;

/// <summary>Self-verification: goes on while the square root of the draft law's entropy, in nats, is below a threshold. It bounds from below how often a token is accepted.</summary>
[Method(Source = "SVIP, draft model knows when to stop, arXiv 2411.18462 §3", Examples = ["model(length=svip)"])]
public sealed class SvipLength : DraftLength
{
    private readonly Entropy _entropy = new();
    private readonly double _threshold;

    /// <param name="threshold">The square root of the entropy below which it goes on, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or not a number.</exception>
    public SvipLength(double threshold = 0.9)
    {
        if (!(threshold >= 0)) throw new ArgumentOutOfRangeException(nameof(threshold), "threshold is 0 (one level only) or more");
        _threshold = threshold;
    }

    /// <inheritdoc/>
    public override bool GoesOn(Sequence sequence, Distribution law) => Math.Sqrt(_entropy.Of(law)) < _threshold;
}
