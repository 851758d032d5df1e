namespace Percheron.Planning;

/// <summary>How often claims come true: one hit rate for each range of claims, which starts from the claim itself, scaled by how honest claims were on the whole.</summary>
/// <remarks>Source: calibration by binning, Zadrozny and Elkan 2001; on drafts: SpecDec++, arXiv 2405.19715.</remarks>
internal sealed class Reliability
{
    // Trials that the scaled claim counts as in a range of its own.
    private const float PriorWeight = 4;

    // Upper ends of the ranges: close together where drafts are sure, since a chain is worth as much as its claims multiply to.
    private static readonly float[] Ends = [0.05f, 0.1f, 0.2f, 0.3f, 0.4f, 0.5f, 0.6f, 0.7f, 0.8f, 0.87f, 0.93f, 0.97f, 0.99f, 0.997f, 1];

    private readonly Tally[] _ranges = new Tally[Ends.Length];
    private readonly float _offset;
    private float _hits = 8, _expected = 8;

    /// <param name="offset">What a claim of 0 is worth before anything is known; a claim of 1 is worth 1.</param>
    public Reliability(float offset) => _offset = offset;

    /// <summary>Probability that a claim comes true.</summary>
    public float Chance(float claim, long now) => Math.Min(_ranges[Range(claim)].Rate(Prior(claim), PriorWeight, now), 0.999f);

    /// <summary>Notes how a claim came out.</summary>
    public void Learn(float claim, bool hit, long now)
    {
        // Over many more trials than a range remembers: what a range has forgotten is rated by it.
        const float keep = 255 / 256f;
        (_hits, _expected) = ((_hits * keep) + (hit ? 1 : 0), (_expected * keep) + Honest(claim));
        _ranges[Range(claim)].Add(hit, now);
    }

    private float Honest(float claim) => _offset + ((1 - _offset) * claim);

    private float Prior(float claim) => Math.Min(Honest(claim) * _hits / _expected, 1);

    private static int Range(float claim)
    {
        int range = 0;
        while (range < Ends.Length - 1 && claim > Ends[range]) range++;
        return range;
    }
}
