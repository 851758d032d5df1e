namespace Percheron.Verifiers;

/// <summary>What a group's probability under the target is compared with.</summary>
public enum GroupRatio
{
    /// <summary>The draft's probability of the token: the token borrows its neighbours' probability. Source: LANTERN, arXiv 2410.03355.</summary>
    Token,

    /// <summary>The draft's probability of the group.</summary>
    Group,
}
