using Percheron.Decoding;

namespace Percheron.Verifiers;

/// <summary>
/// Speculative sampling on chains and trees: a candidate x is accepted with probability p(x)/q(x), else the target's law loses what the candidate's law covered and the next
/// sibling is tried; what is left at the end gives the next token. q is read off each candidate's tag: a point mass, an independent draw, or a draw without replacement
/// among siblings, in any mixture. Exact in law.
/// Source: Leviathan et al., arXiv 2211.17192; Chen et al., arXiv 2302.01318; with replacement: SpecInfer, arXiv 2305.09781; without: arXiv 2402.14160, Sequoia, arXiv 2402.12374.
/// </summary>
[Method(Source = "Leviathan et al., arXiv 2211.17192; Chen et al., arXiv 2302.01318; siblings: SpecInfer, arXiv 2305.09781, and recursive rejection sampling, arXiv 2402.14160")]
public sealed class SpeculativeSampling : Verifier
{
    private readonly Residual _left = new();
    private readonly Proposal _proposal = new();
    private int[] _path = new int[16];

    /// <inheritdoc/>
    public override bool IsLossless => true;

    /// <inheritdoc/>
    public override Acceptance Verify(TokenTree tree, ITarget target, Sequence sequence)
    {
        RandomSource random = sequence.Random;
        int length = 0, at = 0;
        while (true)
        {
            Distribution law = target.Law(at);
            int child = tree.FirstCandidate(at);
            if (child < 0) return new Acceptance(_path.AsSpan(0, length), law.Tokens[random.Pick(law.Probabilities)]);
            _left.Start(law);
            while (child >= 0 && !Accept(tree, child, law, random)) child = tree.NextCandidate(child);
            if (child < 0) return new Acceptance(_path.AsSpan(0, length), _left.Pick(random));
            if (length == _path.Length) Array.Resize(ref _path, 2 * length);
            _path[length++] = at = child;
        }
    }

    private bool Accept(TokenTree tree, int node, Distribution law, RandomSource random)
    {
        _proposal.Read(tree, node);
        double before = _left.Total, probability = _left[tree.Token(node)] / before;
        if (random.Accept(probability / _proposal.OfCandidate)) return true;
        if (_proposal.IsPoint) _left.Remove(tree.Token(node), before);
        else _left.Subtract(_proposal, before);
        if (_left.Total >= Residual.Epsilon) return false;
        if (probability > 0) return true;
        // The target never gives this token, so it is refused even where nothing else is left: then the law begins anew.
        if (_left.Total <= 0) _left.Start(law);
        return false;
    }
}
