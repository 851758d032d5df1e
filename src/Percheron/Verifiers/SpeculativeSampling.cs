using Percheron.Decoding;

namespace Percheron.Verifiers;

/// <summary>
/// Speculative sampling on chains and trees: a candidate x is accepted with probability p(x)/q(x), else the target's law loses what the candidate's law covered and the next
/// sibling is tried; what is left at the end gives the next token. q is read off each candidate's tag: a point mass, an independent draw, or a draw without replacement
/// among siblings, in any mixture. Exact in law.
/// Source: Leviathan et al., arXiv 2211.17192; Chen et al., arXiv 2302.01318; with replacement: SpecInfer, arXiv 2305.09781; without: arXiv 2402.14160, Sequoia, arXiv 2402.12374.
/// </summary>
[Method(Source = "Leviathan et al., arXiv 2211.17192; Chen et al., arXiv 2302.01318; siblings: SpecInfer, arXiv 2305.09781, and recursive rejection sampling, arXiv 2402.14160")]
public sealed class SpeculativeSampling : Verifier
{
    private readonly RejectionWalk _walk = new(static (rejection, tree, node, random) => rejection.Accept(tree, node, random));

    /// <inheritdoc/>
    public override bool IsLossless => true;

    /// <inheritdoc/>
    public override Acceptance Verify(TokenTree tree, ITarget target, Sequence sequence) => _walk.Go(tree, target, sequence);
}
