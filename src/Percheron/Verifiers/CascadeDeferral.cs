using System.Numerics.Tensors;
using Percheron.Decoding;

namespace Percheron.Verifiers;

/// <summary>
/// Lossy: the output has the law of a cascade, not the target's. Where a deferral rule keeps the draft, its law is the cascade's and its draws are accepted; where the rule defers,
/// the cascade's law is the target's and the exact rule decides. With alpha = −1 every token is deferred and the rule is exact.
/// Source: Narasimhan et al., "Faster cascades via speculative decoding", arXiv 2405.19261.
/// </summary>
/// <remarks>Fixed candidates do not tell the draft's law, so they are always deferred. So is a draw that the target never gives, such as a forbidden token.</remarks>
[Method(Source = "Narasimhan et al., faster cascades via speculative decoding, arXiv 2405.19261")]
public sealed class CascadeDeferral : Verifier
{
    private readonly RelaxedWalk _walk;
    private readonly double _alpha;
    private readonly DeferralRule _rule;

    /// <param name="alpha">Price of deferring, from −1 (always defer: the exact rule) up.</param>
    /// <param name="rule">Where the draft is kept.</param>
    public CascadeDeferral(double alpha = 0.2, DeferralRule rule = DeferralRule.Variation)
    {
        if (!(alpha >= -1)) throw new ArgumentOutOfRangeException(nameof(alpha), "alpha is the price of deferring: -1 (always defer) or more");
        (_alpha, _rule) = (alpha, rule);
        _walk = new RelaxedWalk(IsKept);
    }

    /// <inheritdoc/>
    public override bool IsLossless => false;

    /// <inheritdoc/>
    public override Acceptance Verify(TokenTree tree, ITarget target, Sequence sequence) => _walk.Go(tree, target, sequence);

    private bool IsKept(TokenTree tree, int node, Distribution law, Proposal proposal)
    {
        if (proposal.IsPoint) return false;
        double q = TensorPrimitives.Max(proposal.Probabilities);
        return _rule switch
        {
            DeferralRule.Chow => q > 1 - _alpha,
            DeferralRule.Difference => q > TensorPrimitives.Max(law.Probabilities) - _alpha,
            // The variation is at least max q − max p; a hair more, so that rounding does not keep anything at alpha = −1.
            _ => q > TensorPrimitives.Max(law.Probabilities) - (_alpha * Variation(law, proposal)) + 1e-6,
        };
    }

    private static double Variation(Distribution law, Proposal proposal)
    {
        double overlap = 0;
        for (int i = 0; i < law.Count; i++) overlap += Math.Min(law.Probabilities[i], proposal[law.Tokens[i]]);
        return 1 - overlap;
    }
}
