using Percheron.Decoding;

namespace Percheron.Verifiers;

/// <summary>
/// Lossy: the output does not have the target's law. Typical acceptance takes the longest path of which every token is probable enough for how uncertain the target is,
/// p(x) &gt; min(ε, δ·e^(−H(p))); among equally long paths the most probable one.
/// Source: Cai et al., "Medusa", arXiv 2401.10774, section 2.3.1.
/// </summary>
/// <remarks>
/// The token after the path is drawn from the target's law itself. It is the root of the next step, hence Medusa's first token, which is always the target's own.
/// At temperature 0 every law is a point mass and the rule is greedy exact match. With epsilon = 1 and a delta above the number of tokens nothing is typical, nothing is accepted,
/// and the law is the target's.
/// </remarks>
[Method(Source = "Cai et al., Medusa, arXiv 2401.10774, section 2.3.1")]
public sealed class TypicalAcceptance : Verifier
{
    private readonly double _epsilon, _logDelta;
    private int[] _path = new int[16];
    private double[] _likelihoods = new double[16], _entropies = new double[16];

    /// <param name="epsilon">Probability that is always enough.</param>
    /// <param name="delta">Probability that is enough of a target that is certain; less is, the more uncertain it is.</param>
    public TypicalAcceptance(double epsilon = 0.3, double delta = 0.09)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(epsilon);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(delta);
        (_epsilon, _logDelta) = (epsilon, Math.Log(delta));
    }

    /// <inheritdoc/>
    public override bool IsLossless => false;

    /// <inheritdoc/>
    public override Acceptance Verify(TokenTree tree, ITarget target, Sequence sequence)
    {
        int best = Best(tree, target), length = tree.Depth(best);
        if (_path.Length < length) Array.Resize(ref _path, Math.Max(length, 2 * _path.Length));
        for (int i = length - 1, at = best; i >= 0; i--, at = tree.Parent(at)) _path[i] = at;
        Distribution law = target.Law(best);
        return new Acceptance(_path.AsSpan(0, length), law.Tokens[sequence.Random.Pick(law.Probabilities)]);
    }

    // The end of the longest typical path. Parents come before children, so one pass is enough; log-likelihood −∞ marks what is not reached.
    private int Best(TokenTree tree, ITarget target)
    {
        if (_likelihoods.Length < tree.Count)
        {
            Array.Resize(ref _likelihoods, Math.Max(tree.Count, 2 * _likelihoods.Length));
            Array.Resize(ref _entropies, _likelihoods.Length);
        }
        _entropies.AsSpan(0, tree.Count).Fill(double.NaN);
        _likelihoods[0] = 0;
        int best = 0;
        for (int node = 1; node < tree.Count; node++)
        {
            int parent = tree.Parent(node);
            bool reached = !tree.IsProbe(node) && !double.IsNegativeInfinity(_likelihoods[parent]);
            _likelihoods[node] = reached ? _likelihoods[parent] + LogProbability(tree.Token(node), parent, target.Law(parent)) : double.NegativeInfinity;
            int deeper = double.IsNegativeInfinity(_likelihoods[node]) ? -1 : tree.Depth(node) - tree.Depth(best);
            if (deeper > 0 || (deeper == 0 && _likelihoods[node] > _likelihoods[best])) best = node;
        }
        return best;
    }

    // log p(token) if the token is typical, else −∞. The threshold is compared as logarithms: log p > log δ − H.
    private double LogProbability(int token, int node, Distribution law)
    {
        double p = law[token];
        if (p <= 0) return double.NegativeInfinity;
        if (double.IsNaN(_entropies[node])) _entropies[node] = Entropy(law);
        double log = Math.Log(p);
        return p > _epsilon || log > _logDelta - _entropies[node] ? log : double.NegativeInfinity;
    }

    private static double Entropy(Distribution law)
    {
        double entropy = 0;
        foreach (float p in law.Probabilities) if (p > 0) entropy -= p * Math.Log(p);
        return entropy;
    }
}
