using Percheron.Decoding;
using Percheron.Models.Heads;

namespace Percheron.Drafters.Lengths;

/// <summary>Stops where a small trained network finds it likely that something of the path is refused: it looks at the ten highest probabilities of the draft's law, its entropy and its place in the draft.</summary>
[Method(Source = "SpecDec++, arXiv 2405.19715 (rule and objective); DISCO, arXiv 2405.04304 (what the network reads)", Examples = ["model(length=learned)"])]
public sealed class LearnedLength : DraftLength
{
    private readonly float[] _features = new float[AcceptanceHead.Inputs];
    private readonly Entropy _entropy = new();
    private readonly AcceptanceHead _head;
    private readonly float _stop;

    /// <param name="acceptance">The network; the caller keeps owning it.</param>
    /// <param name="stop">The probability that anything of the path is refused at which drafting stops, 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is no probability.</exception>
    public LearnedLength(AcceptanceHead acceptance, double stop = 0.7)
    {
        if (!(stop is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(stop), "stop is a probability, 0 to 1");
        (_head, _stop) = (acceptance, (float)stop);
    }

    /// <inheritdoc/>
    public override bool GoesOn(in DraftPoint point)
    {
        Span<float> best = _features.AsSpan(0, AcceptanceHead.Best);
        best.Clear();
        foreach (float probability in point.Law.Probabilities)
        {
            if (probability <= best[^1]) continue;
            int at = best.Length - 1;
            for (; at > 0 && best[at - 1] < probability; at--) best[at] = best[at - 1];
            best[at] = probability;
        }
        (_features[^2], _features[^1]) = (_entropy.Of(point.Law), point.Depth);
        point.Survival *= _head.Chance(_features);
        return 1 - point.Survival <= _stop;
    }
}
