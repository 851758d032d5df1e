using Percheron.Decoding;

namespace Percheron.Verifiers;

/// <summary>
/// Lossy: the output does not have the target's law. Tokens that mean nearly the same count together: a candidate is accepted by the probability of its neighbourhood instead of
/// its own. For vocabularies where many tokens are interchangeable, of images and speech above all. With delta = 0 every neighbourhood is the token itself and the rule is exact.
/// Source: Jang et al., "LANTERN", arXiv 2410.03355; Park et al., "LANTERN++", arXiv 2502.06352 (lambda).
/// </summary>
/// <remarks>
/// The neighbourhood of x is x with its nearest tokens, as many as together have no more than delta of the target's law. When x is refused, its whole neighbourhood is out,
/// then the draft's law is subtracted as always. Groups by rank are <c>gsd</c>, groups that keep their law <c>coarse-grained</c>. A token the target never gives is refused, whatever its neighbours are; so at temperature 0 the
/// rule is greedy exact match.
/// </remarks>
[Method(Source = "LANTERN, arXiv 2410.03355; LANTERN++, arXiv 2502.06352")]
public sealed class Grouped : Verifier
{
    private readonly RejectionWalk _walk;
    private readonly Neighbourhoods _neighbourhoods;
    private readonly double _delta, _lambda;
    private readonly GroupRatio _ratio;

    /// <param name="vectors">A vector for every token, from a codec or a safetensors file; the target's embeddings if none is named.</param>
    /// <param name="delta">Most of the target's law that a token's neighbours may lend it, 0 (exact) to 1.</param>
    /// <param name="neighbours">Most neighbours of a token.</param>
    /// <param name="ratio">What the neighbourhood is compared with.</param>
    /// <param name="lambda">Above 1, neighbours lend no more than λ − 1 times the token's own probability, whatever delta is; 1 leaves it to delta.</param>
    public Grouped(TokenVectors vectors, double delta = 0.2, int neighbours = 16, GroupRatio ratio = GroupRatio.Token, double lambda = 1)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        if (!(delta is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(delta), "delta is a probability: 0 (exact) to 1");
        ArgumentOutOfRangeException.ThrowIfLessThan(neighbours, 1);
        if (!(lambda >= 1)) throw new ArgumentOutOfRangeException(nameof(lambda), "lambda is 1 (delta counts) or more");
        (_neighbourhoods, _delta, _ratio, _lambda, _walk) = (new Neighbourhoods(vectors, neighbours), delta, ratio, lambda, new RejectionWalk(Accept));
    }

    /// <inheritdoc/>
    public override bool IsLossless => false;

    /// <inheritdoc/>
    public override Acceptance Verify(TokenTree tree, ITarget target, Sequence sequence) => _walk.Go(tree, target, sequence);

    private bool Accept(Rejection rejection, TokenTree tree, int node, RandomSource random)
    {
        int token = tree.Token(node);
        // Nothing to group where the token itself cannot be: the exact rule refuses it.
        ReadOnlySpan<int> neighbours = rejection.Law[token] > 0 ? _neighbourhoods.Of(token) : [];
        rejection.Open();
        Residual left = rejection.Left;
        Proposal proposal = rejection.Proposal;
        double before = left.Total, lent = 0, most = _lambda > 1 ? (_lambda - 1) * left[token] / before : _delta;
        int size = 0;
        for (; size < neighbours.Length && lent + (left[neighbours[size]] / before) <= most; size++) lent += left[neighbours[size]] / before;
        if (lent <= 0) return rejection.Accept(tree, node, random);

        proposal.Read(tree, node);
        double p = (left[token] / before) + lent, q = proposal.OfCandidate;
        if (_ratio == GroupRatio.Group) foreach (int other in neighbours[..size]) q += proposal[other];
        if (random.Accept(p / q)) return true;
        left.Clear(token);
        foreach (int other in neighbours[..size]) left.Clear(other);
        left.Subtract(proposal, before);
        return rejection.Nothing(p);
    }
}
