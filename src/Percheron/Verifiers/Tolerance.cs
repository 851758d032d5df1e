using Percheron.Decoding;

namespace Percheron.Verifiers;

/// <summary>
/// Lossy: the output does not have the target's law. Speculative sampling with a tolerance: a candidate is accepted with probability p/q + β, so one in so many is let pass that the target would have refused.
/// For codes of speech, of which many sound alike. With tolerance = 0 the rule is exact.
/// Source: Lin et al., "Accelerating autoregressive speech synthesis inference with speech speculative decoding", arXiv 2505.15380, algorithm 1.
/// </summary>
/// <remarks>A token the target never gives is not tolerated, so at temperature 0 the rule is greedy exact match.</remarks>
[Method(Source = "Lin et al., Speech Speculative Decoding, arXiv 2505.15380, algorithm 1")]
public sealed class Tolerance : Verifier
{
    private readonly RejectionWalk _walk;

    /// <param name="tolerance">Added to the probability of acceptance, 0 (exact) to 1.</param>
    public Tolerance(double tolerance = 0.2)
    {
        if (!(tolerance is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(tolerance), "a tolerance is a probability: 0 (exact) to 1");
        _walk = new RejectionWalk((rejection, tree, node, random) => rejection.Accept(tree, node, random, tolerance: tolerance));
    }

    /// <inheritdoc/>
    public override bool IsLossless => false;

    /// <inheritdoc/>
    public override Acceptance Verify(TokenTree tree, ITarget target, Sequence sequence) => _walk.Go(tree, target, sequence);
}
