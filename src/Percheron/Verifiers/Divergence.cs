namespace Percheron.Verifiers;

/// <summary>How far the target's law p and the draft's law q lie apart.</summary>
public enum Divergence
{
    /// <summary>Jensen–Shannon, in nats: 0 to log 2.</summary>
    Js,

    /// <summary>Kullback–Leibler of p from q, in nats: 0 to infinity.</summary>
    Kl,

    /// <summary>Total variation: 0 to 1.</summary>
    Tv,
}
