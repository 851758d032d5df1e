using Percheron.Decoding;

namespace Percheron.Verifiers;

/// <summary>
/// k-SEQ: k independent draws from one law are tried in order, x with probability p(x)/(ρ·q(x)), where ρ makes the k together cover as much of the target's law as such a rule
/// can; at least 1 − 1/e of the optimum. Chains that begin alike go on together. Other candidates are tried by ratio, as their tags say. Exact in law.
/// Source: Sun et al., "SpecTr: fast speculative decoding via optimal transport", arXiv 2310.15141.
/// </summary>
/// <remarks>
/// With β(ρ) = Σ min(q, p/ρ), any ρ in [1, k] with 1 − (1 − β)^k ≤ ρβ is exact; the smallest is best. If all k are refused, p − min(q, p/ρ)·(1 − (1 − β)^k)/β is left.
/// Draws are of one law if their laws are equal and each has its own: siblings that share one were drawn without replacement.
/// </remarks>
[Method(Source = "Sun et al., SpecTr, arXiv 2310.15141")]
public sealed class KSeq : Verifier
{
    // Bisection of ρ in [1, k]: well below the rounding of a law.
    private const int Halvings = 30;

    private readonly Rejection _rejection = new();
    private readonly NodePath _path = new();
    private readonly List<int> _prefix = [], _candidates = [], _group = [];
    private readonly List<bool> _tried = [];

    /// <inheritdoc/>
    public override bool IsLossless => true;

    /// <inheritdoc/>
    public override Acceptance Verify(TokenTree tree, ITarget target, Sequence sequence)
    {
        RandomSource random = sequence.Random;
        _prefix.Clear();
        _prefix.Add(0);
        while (true)
        {
            // All nodes that spell the accepted tokens: their rows hold the same bits, so the path may run through any of them.
            int at = _prefix[0], accepted = -1;
            Collect(tree);
            _rejection.Begin(target.Law(at));
            for (int i = 0; i < _candidates.Count && accepted < 0; i++)
                if (!_tried[i]) accepted = Try(tree, i, random);
            if (accepted < 0)
            {
                _path.Become(tree, at);
                return _path.Then(_rejection.Next(random));
            }
            _prefix.Clear();
            foreach (int node in _candidates) if (tree.Token(node) == tree.Token(accepted)) _prefix.Add(node);
        }
    }

    private void Collect(TokenTree tree)
    {
        _candidates.Clear();
        _tried.Clear();
        foreach (int node in _prefix)
            for (int child = tree.FirstCandidate(node); child >= 0; child = tree.NextCandidate(child))
            {
                _candidates.Add(child);
                _tried.Add(false);
            }
    }

    // Tries a candidate, together with all draws from the same law; returns the one that was accepted, or −1.
    private int Try(TokenTree tree, int index, RandomSource random)
    {
        int first = _candidates[index];
        _group.Clear();
        for (int i = index; i < _candidates.Count; i++)
            if (!_tried[i] && Proposal.FromOneLaw(tree, first, _candidates[i]))
            {
                _group.Add(_candidates[i]);
                _tried[i] = true;
            }
        return _group.Count > 1 ? TryGroup(tree, random) : _rejection.Accept(tree, first, random) ? first : -1;
    }

    private int TryGroup(TokenTree tree, RandomSource random)
    {
        _rejection.Open();
        Residual left = _rejection.Left;
        Proposal proposal = _rejection.Proposal;
        proposal.Read(tree, _group[0]);
        double before = left.Total, rho = Rho(left, proposal, _group.Count), overlap = left.Overlap(proposal, rho);
        int possible = -1;
        foreach (int node in _group)
        {
            double p = left[tree.Token(node)] / before;
            if (random.Accept(p / (rho * proposal[tree.Token(node)]))) return node;
            if (p > 0) possible = node;
        }
        left.Subtract(proposal, before, rho, overlap > 0 ? Covered(overlap, _group.Count) / overlap : 1);
        return _rejection.Nothing(possible < 0 ? 0 : 1) ? possible : -1;
    }

    private static double Rho(Residual left, Proposal proposal, int count)
    {
        // The upper end always is exact; it is the one that is kept.
        double low = 1, high = count;
        for (int i = 0; i < Halvings; i++)
        {
            double middle = (low + high) / 2, overlap = left.Overlap(proposal, middle);
            if (Covered(overlap, count) > middle * overlap) low = middle;
            else high = middle;
        }
        return high;
    }

    // 1 − (1 − β)^k: how often one of k draws is accepted.
    private static double Covered(double overlap, int count) => 1 - Math.Pow(1 - Math.Min(1, overlap), count);
}
