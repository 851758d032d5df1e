using Percheron.Decoding;

namespace Percheron.Verifiers;

/// <summary>
/// Lossy: the output does not have the target's law. The target draws its token several times over at every node, and a candidate is accepted if it is any of them; if none is, the first draw is the next token.
/// For codes of speech, of which many sound alike. With samples = 1 the rule is exact.
/// Source: Li et al., "Fast and high-quality auto-regressive speech synthesis via speculative decoding" (VADUSA), arXiv 2410.21951 (tolerance).
/// </summary>
/// <remarks>At temperature 0 every draw is the same and the rule is greedy exact match. VADUSA's other rule, that one of the target's best tokens will do, is <c>top-k-accept</c>.</remarks>
[Method(Source = "Li et al., VADUSA, arXiv 2410.21951, tolerance by repeated sampling")]
public sealed class RepeatedSampling : Verifier
{
    private readonly NodePath _path = new();
    private readonly int _samples;

    /// <param name="samples">How often the target draws, 1 (exact) to 64.</param>
    public RepeatedSampling(int samples = 3)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(samples, 64);
        _samples = samples;
    }

    /// <inheritdoc/>
    public override bool IsLossless => false;

    /// <inheritdoc/>
    public override Acceptance Verify(TokenTree tree, ITarget target, Sequence sequence)
    {
        _path.Clear();
        for (int at = 0; ;)
        {
            Distribution law = target.Law(at);
            int first = law.Tokens[sequence.Random.Pick(law.Probabilities)], child = tree.FindCandidate(at, first);
            bool offers = tree.FirstCandidate(at) >= 0;
            for (int i = 1; i < _samples && child < 0 && offers && !law.IsPoint; i++)
                child = tree.FindCandidate(at, law.Tokens[sequence.Random.Pick(law.Probabilities)]);
            if (child < 0) return _path.Then(first);
            _path.Add(at = child);
        }
    }
}
