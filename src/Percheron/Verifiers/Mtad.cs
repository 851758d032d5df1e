using Percheron.Decoding;

namespace Percheron.Verifiers;

/// <summary>
/// Lossy: the output does not have the target's law. Multi-token assisted decoding takes the longest path of which the joint ratio, min(1, Π p/q), exceeds a threshold, whatever
/// single tokens on it are like; among equally long ones the best. Behind it the exact rule goes on. With threshold = 1 nothing is taken and the rule is exact.
/// Source: Qin et al., "Optimized multi-token joint decoding with auxiliary model for LLM inference" (MTAD), arXiv 2407.09722.
/// </summary>
[Method(Source = "Qin et al., multi-token assisted decoding (MTAD), arXiv 2407.09722")]
public sealed class Mtad : Verifier
{
    private readonly RelaxedWalk _walk = new(static (_, _, _, _) => false);
    private readonly Proposal _proposal = new();
    private readonly double _threshold;
    private double[] _ratios = new double[16];

    /// <param name="threshold">Joint ratio that a path must exceed, 0 to 1; 1 is the exact rule.</param>
    public Mtad(double threshold = 0.3)
    {
        if (!(threshold is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(threshold), "threshold is a ratio: 0 to 1 (exact)");
        _threshold = threshold;
    }

    /// <inheritdoc/>
    public override bool IsLossless => false;

    /// <inheritdoc/>
    public override Acceptance Verify(TokenTree tree, ITarget target, Sequence sequence) => _walk.Go(tree, target, sequence, _threshold < 1 ? Longest(tree, target) : 0);

    // Parents come before children. A path whose ratio has fallen below the threshold may rise again, but not from 0.
    private int Longest(TokenTree tree, ITarget target)
    {
        if (_ratios.Length < tree.Count) Array.Resize(ref _ratios, Math.Max(tree.Count, 2 * _ratios.Length));
        _ratios[0] = 1;
        int best = 0;
        for (int node = 1; node < tree.Count; node++)
        {
            int parent = tree.Parent(node);
            _ratios[node] = 0;
            if (tree.IsProbe(node) || _ratios[parent] <= 0) continue;
            _proposal.Read(tree, node);
            _ratios[node] = _ratios[parent] * target.Judgement(parent)[tree.Token(node)] / _proposal.OfCandidate;
            if (_ratios[node] <= _threshold) continue;
            int deeper = tree.Depth(node) - tree.Depth(best);
            if (deeper > 0 || (deeper == 0 && _ratios[node] > _ratios[best])) best = node;
        }
        return best;
    }
}
