using Percheron.Decoding;

namespace Percheron.Verifiers;

/// <summary>
/// Lossy: the output does not have the target's law. Principled coarse-graining: a candidate stands for a group of tokens that sound alike, and the group is what is judged, by p(group)/q(group); an accepted candidate is kept as it
/// is. Groups have exactly the target's law, whatever was drafted; tokens have it only where a group is refused. For codes of speech. With distance = 0 every token is a group and the rule is exact.
/// Source: Yanuka et al., "Principled coarse-grained acceptance for speculative decoding in speech", arXiv 2511.13732, section 3.
/// </summary>
/// <remarks>
/// <para>Around every token stands a group of all tokens near it, so groups overlap, and each token gives all groups it belongs to the same share of its probability. With a candidate goes one of its groups, drawn by these shares.
/// The exact claim is of these groups, given the tokens before: where groups are a partition, of the group the token lies in.</para>
/// <para>Siblings are tried as in recursive rejection sampling, over groups. A token the target never gives is in no group with others and is refused; so at temperature 0 the rule is greedy exact match.</para>
/// </remarks>
[Method(Source = "Yanuka et al., principled coarse-grained acceptance, arXiv 2511.13732, section 3")]
public sealed class CoarseGrained : Verifier
{
    private readonly NodePath _path = new();
    private readonly Proposal _proposal = new();
    private readonly SimilarityGroups _groups;
    // Laws over groups, by group; what is left of the target's, and a candidate's.
    private double[] _left = [], _theirs = [];
    private float[] _picking = [];

    /// <param name="vectors">A vector for every token, from a codec or a safetensors file; the target's embeddings if none is named.</param>
    /// <param name="distance">How far the tokens of a group lie from its middle at most, in units of the mean distance between a token and its nearest neighbour; 0 is exact.</param>
    public CoarseGrained(TokenVectors vectors, double distance = 1)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        if (!(distance >= 0)) throw new ArgumentOutOfRangeException(nameof(distance), "a distance is 0 (exact) or more");
        _groups = new SimilarityGroups(vectors, distance);
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
            int child = tree.FirstCandidate(at);
            if (child < 0) return _path.Then(law.Tokens[sequence.Random.Pick(law.Probabilities)]);
            Open(law);
            while (child >= 0 && !Accept(tree, child, law, sequence.Random)) child = tree.NextCandidate(child);
            if (child < 0) return _path.Then(Next(law, sequence.Random));
            _path.Add(at = child);
        }
    }

    private void Open(Distribution law)
    {
        ReadOnlySpan<int> tokens = law.Tokens;
        int size = tokens[^1] + 1;
        for (int i = 0; i < tokens.Length; i++)
            if (_groups.Of(tokens[i]) is [.., var last]) size = Math.Max(size, last + 1);
        if (_left.Length < size) (_left, _theirs, _picking) = (new double[2 * size], new double[2 * size], new float[2 * size]);
        Array.Clear(_left);
        double sum = 0;
        foreach (float p in law.Probabilities) sum += p;
        for (int i = 0; i < tokens.Length; i++) _groups.Spread(tokens[i], law.Probabilities[i] / sum, _left);
    }

    private bool Accept(TokenTree tree, int node, Distribution law, RandomSource random)
    {
        int token = tree.Token(node);
        _proposal.Read(tree, node);
        // What the target never says belongs to no group it could stand for.
        Array.Clear(_theirs);
        ReadOnlySpan<int> tokens = _proposal.Tokens;
        for (int i = 0; i < tokens.Length; i++)
            if (law[tokens[i]] > 0) _groups.Spread(tokens[i], _proposal.Probabilities[i], _theirs);
        double chance = 0;
        if (law[token] > 0)
        {
            int group = GroupOf(token, random);
            chance = _left[group] / _theirs[group];
            if (random.Accept(chance)) return true;
        }
        double left = 0;
        for (int i = 0; i < _left.Length; i++) left += _left[i] = Math.Max(0, _left[i] - _theirs[i]);
        if (left < Residual.Epsilon)
        {
            // Nothing but rounding is left: a candidate that could be accepted was certain to be.
            if (chance > 0) return true;
            Open(law);
            return false;
        }
        for (int i = 0; i < _left.Length; i++) _left[i] /= left;
        return false;
    }

    private int GroupOf(int token, RandomSource random)
    {
        ReadOnlySpan<int> groups = _groups.Of(token);
        if (groups.IsEmpty) return token;
        Span<float> shares = _picking.AsSpan(0, groups.Length);
        shares.Fill(1f / groups.Length);
        return groups[random.Pick(shares)];
    }

    // A group of what is left, then a token of it, by what the target's probabilities of its tokens give it.
    private int Next(Distribution law, RandomSource random)
    {
        for (int i = 0; i < _left.Length; i++) _picking[i] = (float)_left[i];
        int group = random.Pick(_picking.AsSpan(0, _left.Length));
        ReadOnlySpan<int> members = _groups.Of(group);
        if (members.IsEmpty) return group;
        Span<float> shares = _picking.AsSpan(0, members.Length);
        for (int i = 0; i < members.Length; i++) shares[i] = law[members[i]] is > 0 and var p ? p / _groups.Of(members[i]).Length : 0;
        return members[random.Pick(shares)];
    }
}
