using Percheron.Decoding;

namespace Percheron.Verifiers;

/// <summary>
/// Lossy: the output does not have the target's law. Speculative sampling with lenience: a candidate is accepted with probability p/(ℓ·q), so no token is more than 1/ℓ times
/// as probable as the target makes it. With lenience = 1 the rule is exact.
/// Source: Leviathan et al., "Fast inference from transformers via speculative decoding", arXiv 2211.17192, appendix A.5.
/// </summary>
/// <remarks>At temperature 0 every law is a point mass and the rule is greedy exact match.</remarks>
[Method(Source = "Leviathan et al., arXiv 2211.17192, appendix A.5 (lenience)")]
public sealed class Lenient : Verifier
{
    private readonly RejectionWalk _walk;

    /// <param name="lenience">Divides the probability of acceptance, above 0; 1 is the exact rule, less accepts more.</param>
    public Lenient(double lenience = 0.5)
    {
        if (!(lenience is > 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(lenience), "lenience lies above 0 and at 1 (exact) at most");
        _walk = new RejectionWalk((rejection, tree, node, random) => rejection.Accept(tree, node, random, lenience));
    }

    /// <inheritdoc/>
    public override bool IsLossless => false;

    /// <inheritdoc/>
    public override Acceptance Verify(TokenTree tree, ITarget target, Sequence sequence) => _walk.Go(tree, target, sequence);
}
