using System.Numerics.Tensors;
using Percheron.Decoding;

namespace Percheron.Verifiers;

/// <summary>
/// Lossy: the output does not have the target's law. The little model's tokens stand as long as it is sure (fallback) and the big one does not find them too improbable
/// (rollback); where it is not, or does, the exact rule decides. With rollback = 0 the rule is exact.
/// Source: Kim et al., "Speculative decoding with big little decoder", arXiv 2302.07863 (fallback and rollback policies).
/// </summary>
/// <remarks>A fixed candidate does not say how sure its drafter was, and counts as sure.</remarks>
[Method(Source = "Kim et al., Big Little Decoder (BiLD), arXiv 2302.07863, fallback and rollback policies")]
public sealed class BigLittle : Verifier
{
    private readonly RelaxedWalk _walk;
    private readonly double _fallback, _rollback;

    /// <param name="fallback">Probability of its best token from which on the little model is sure.</param>
    /// <param name="rollback">Largest −log p of a token that stands; 0 is the exact rule.</param>
    public BigLittle(double fallback = 0.6, double rollback = 3)
    {
        if (!(fallback is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(fallback), "fallback is a probability: 0 to 1");
        ArgumentOutOfRangeException.ThrowIfNegative(rollback);
        (_fallback, _rollback) = (fallback, rollback);
        _walk = new RelaxedWalk(Stands);
    }

    /// <inheritdoc/>
    public override bool IsLossless => false;

    /// <inheritdoc/>
    public override Acceptance Verify(TokenTree tree, ITarget target, Sequence sequence) => _walk.Go(tree, target, sequence);

    private bool Stands(TokenTree tree, int node, Distribution law, Proposal proposal) =>
        (tree.Law(node) is not { } little || TensorPrimitives.Max(little.Probabilities) >= _fallback) && -Math.Log(law[tree.Token(node)]) <= _rollback;
}
