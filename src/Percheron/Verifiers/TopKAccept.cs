using Percheron.Decoding;

namespace Percheron.Verifiers;

/// <summary>
/// Lossy: the output does not have the target's law. A candidate is accepted if it is among the target's k best tokens and not much less probable than the best; what is not is
/// put to the exact rule. With k = 0 the rule is exact.
/// Source: Xia et al., "Speculative decoding: exploiting speculative execution for accelerating seq2seq generation", arXiv 2203.16487 (relaxed verification).
/// </summary>
[Method(Source = "Xia et al., SpecDec, arXiv 2203.16487, relaxed verification")]
public sealed class TopKAccept : Verifier
{
    private readonly RelaxedWalk _walk;
    private readonly int _k;
    private readonly double _gap;

    /// <param name="k">How many of the target's best tokens will do; 0 is the exact rule.</param>
    /// <param name="gap">How far log p may lie below that of the best token.</param>
    public TopKAccept(int k = 3, double gap = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(k);
        ArgumentOutOfRangeException.ThrowIfNegative(gap);
        (_k, _gap) = (k, gap);
        _walk = new RelaxedWalk(IsAmongTheBest);
    }

    /// <inheritdoc/>
    public override bool IsLossless => false;

    /// <inheritdoc/>
    public override Acceptance Verify(TokenTree tree, ITarget target, Sequence sequence) => _walk.Go(tree, target, sequence);

    private bool IsAmongTheBest(TokenTree tree, int node, Distribution law, Proposal proposal)
    {
        float p = law[tree.Token(node)], best = 0;
        int better = 0;
        foreach (float other in law.Probabilities)
        {
            if (other > p) better++;
            best = Math.Max(best, other);
        }
        return better < _k && Math.Log(best / p) <= _gap;
    }
}
