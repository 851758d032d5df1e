namespace Percheron.Verifiers;

/// <summary>Where a cascade keeps the draft's law q and where it defers to the target's law p, given the price α of deferring. With α = −1 all of them always defer.</summary>
public enum DeferralRule
{
    /// <summary>Keeps where max q &gt; 1 − α: the draft alone decides.</summary>
    Chow,

    /// <summary>Keeps where max q &gt; max p − α: the more confident one speaks.</summary>
    Difference,

    /// <summary>Keeps where max q &gt; max p − α·TV(p, q): deferring is the cheaper, the more often the draft's tokens would be refused. The best rule for a given price.</summary>
    Variation,
}
