using Percheron.Decoding;

namespace Percheron.Verifiers;

/// <summary>
/// Lossy: the output's law lies within a given Kullback–Leibler divergence of the target's, and among all such laws it is the one under which most is accepted. With budget = 0
/// the rule is exact.
/// Source: Tran-Thien, "An optimal lossy variant of speculative decoding" (mentored decoding), 2023, vivien000/mentored_decoding.
/// </summary>
/// <remarks>
/// The law is the draft's, held between p/β and p/α with α ≤ 1 ≤ β: a candidate is accepted with probability min(1, p/(α·q)), else the next token comes from (p/β − q)₊, where β
/// makes both weigh the same. α is found by bisection. At each node the budget goes to the first candidate; its siblings are tried by the exact rule.
/// At temperature 0 every law is a point mass and the rule is greedy exact match.
/// </remarks>
[Method(Source = "Tran-Thien, an optimal lossy variant of speculative decoding, 2023, github.com/vivien000/mentored_decoding")]
public sealed class Mentored : Verifier
{
    private const int Halvings = 30, Corrections = 30;

    private readonly Rejection _rejection = new();
    private readonly NodePath _path = new();
    private readonly double _budget;
    private double[] _p = [], _q = [];

    /// <param name="budget">Largest divergence of the output's law from the target's at one node, in nats; 0 is the exact rule.</param>
    public Mentored(double budget = 0.1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(budget);
        _budget = budget;
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
            _rejection.Begin(law);
            int first = tree.FirstCandidate(at), child = first;
            while (child >= 0 && !(child == first && _budget > 0 ? Mentor(tree, child, law, sequence.Random) : _rejection.Accept(tree, child, sequence.Random))) child = tree.NextCandidate(child);
            if (child < 0) return _path.Then(_rejection.Next(sequence.Random));
            _path.Add(at = child);
        }
    }

    private bool Mentor(TokenTree tree, int node, Distribution law, RandomSource random)
    {
        _rejection.Open();
        Residual left = _rejection.Left;
        Proposal proposal = _rejection.Proposal;
        proposal.Read(tree, node);
        if (_p.Length < law.Count)
        {
            Array.Resize(ref _p, Math.Max(law.Count, 2 * _p.Length));
            Array.Resize(ref _q, _p.Length);
        }
        for (int i = 0; i < law.Count; i++) (_p[i], _q[i]) = (left[law.Tokens[i]] / left.Total, proposal[law.Tokens[i]]);
        double alpha = Alpha(law.Count), p = left[tree.Token(node)] / left.Total;
        if (random.Accept(p / (alpha * proposal.OfCandidate))) return true;
        left.Subtract(proposal, left.Total / Scale(law.Count, alpha));
        return _rejection.Nothing(p);
    }

    // The least α, and most acceptance, that the budget allows.
    private double Alpha(int count)
    {
        double low = 0, high = 1;
        for (int i = 0; i < Halvings; i++)
        {
            double middle = (low + high) / 2;
            if (Spent(count, middle) <= _budget) high = middle;
            else low = middle;
        }
        return high;
    }

    // Divergence of the target's law from the law held between scale·p and p/α.
    private double Spent(int count, double alpha)
    {
        double scale = Scale(count, alpha), sum = 0;
        for (int i = 0; i < count; i++)
            if (_p[i] > 0) sum += _p[i] * Math.Log(_p[i] / Math.Clamp(_q[i], scale * _p[i], _p[i] / alpha));
        return sum;
    }

    // 1/β: Σ (p/β − q)₊ is what was refused, 1 − Σ min(q, p/α). The sum is convex in 1/β, so Newton's steps from 1 fall towards it and never past it.
    private double Scale(int count, double alpha)
    {
        double refused = 1, scale = 1;
        for (int i = 0; i < count; i++) refused -= Math.Min(_q[i], _p[i] / alpha);
        for (int step = 0; step < Corrections; step++)
        {
            double sum = 0, slope = 0;
            for (int i = 0; i < count; i++)
            {
                double over = (scale * _p[i]) - _q[i];
                if (over > 0) (sum, slope) = (sum + over, slope + _p[i]);
            }
            double excess = sum - refused;
            if (excess <= 1e-15 || slope <= 0) break;
            scale = Math.Max(0, scale - (excess / slope));
        }
        return scale;
    }
}
