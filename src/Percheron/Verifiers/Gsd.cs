using Percheron.Decoding;

namespace Percheron.Verifiers;

/// <summary>
/// Lossy: the output does not have the target's law. Speculative decoding by groups: a candidate is judged together with the tokens that stand next to it in the target's ranking, if they are about as probable and mean nearly
/// the same; it is accepted with probability p(group)/q(group). For codes of pictures under speculative Jacobi decoding. With neighbours = 0 the rule is exact.
/// Source: So et al., "Grouped speculative decoding for autoregressive image generation", arXiv 2508.07747.
/// </summary>
/// <remarks>
/// A group is made anew at every node, so groups are no partition and nothing is exact about them. What is refused loses what the draft's law covered, token by token. A token the target never gives is refused, whatever its
/// neighbours are; so at temperature 0 the rule is greedy exact match.
/// </remarks>
[Method(Source = "So et al., grouped speculative decoding, arXiv 2508.07747")]
public sealed class Gsd : Verifier
{
    private readonly RejectionWalk _walk;
    private readonly Neighbourhoods _distances;
    private readonly double _gap, _distance;
    // The nearest in rank on either side, nearest first.
    private readonly int[] _better, _worse;

    /// <param name="vectors">A vector for every token, from a codec or a safetensors file; the target's embeddings if none is named.</param>
    /// <param name="neighbours">Tokens next to the candidate in rank, half of them better and half of them worse; 0 is exact.</param>
    /// <param name="gap">How much their probability may differ from the candidate's.</param>
    /// <param name="distance">How far their vectors may lie away, in units of the mean distance between a token and its nearest neighbour; 0 asks nothing of vectors.</param>
    public Gsd(TokenVectors vectors, int neighbours = 14, double gap = 0.15, double distance = 2)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        ArgumentOutOfRangeException.ThrowIfNegative(neighbours);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(neighbours, 1 << 16);
        if (!(gap is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(gap), "the gap is one of probabilities: 0 to 1");
        if (!(distance >= 0)) throw new ArgumentOutOfRangeException(nameof(distance), "a distance is 0 (whatever it is) or more");
        (_distances, _gap, _distance, _walk) = (new Neighbourhoods(vectors, 0), gap, distance, new RejectionWalk(Accept));
        (_better, _worse) = (new int[neighbours / 2], new int[(neighbours + 1) / 2]);
    }

    /// <inheritdoc/>
    public override bool IsLossless => false;

    /// <inheritdoc/>
    public override Acceptance Verify(TokenTree tree, ITarget target, Sequence sequence) => _walk.Go(tree, target, sequence);

    private bool Accept(Rejection rejection, TokenTree tree, int node, RandomSource random)
    {
        Distribution law = rejection.Law;
        int token = tree.Token(node);
        if (law[token] <= 0 || _worse.Length == 0) return rejection.Accept(tree, node, random);
        rejection.Open();
        Residual left = rejection.Left;
        Proposal proposal = rejection.Proposal;
        proposal.Read(tree, node);
        double before = left.Total, p = left[token] / before, q = proposal.OfCandidate, ownP = p;
        Rank(law, token);
        foreach (int[] side in (ReadOnlySpan<int[]>)[_better, _worse])
            foreach (int other in side)
            {
                if (other < 0) break;
                double theirs = left[other] / before;
                if (Math.Abs(theirs - ownP) >= _gap || (_distance > 0 && _distances.Between(token, other) > _distance * _distances.Unit)) continue;
                p += theirs;
                q += proposal[other];
            }
        return rejection.Accept(token, p / q, random);
    }

    // Equally probable tokens rank by id.
    private void Rank(Distribution law, int token)
    {
        ReadOnlySpan<int> tokens = law.Tokens;
        ReadOnlySpan<float> probabilities = law.Probabilities;
        float own = law[token];
        _better.AsSpan().Fill(-1);
        _worse.AsSpan().Fill(-1);
        int better = 0, worse = 0;
        for (int i = 0; i < tokens.Length; i++)
        {
            if (tokens[i] == token) continue;
            bool isBetter = probabilities[i] > own || (probabilities[i] == own && tokens[i] < token);
            if (isBetter) Insert(_better, ref better, law, i, ascending: true);
            else Insert(_worse, ref worse, law, i, ascending: false);
        }
    }

    private static void Insert(int[] side, ref int count, Distribution law, int place, bool ascending)
    {
        int token = law.Tokens[place];
        float p = law.Probabilities[place];
        int at = count;
        for (; at > 0; at--)
        {
            float other = law[side[at - 1]];
            // Of equally probable ones the later id is nearer from above and the earlier one from below; ids come ascending.
            if (ascending ? p > other : p <= other) break;
        }
        if (at == side.Length) return;
        int end = Math.Min(count, side.Length - 1);
        for (int i = end; i > at; i--) side[i] = side[i - 1];
        side[at] = token;
        count = Math.Min(count + 1, side.Length);
    }
}
