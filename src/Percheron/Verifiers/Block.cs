using Percheron.Decoding;

namespace Percheron.Verifiers;

/// <summary>
/// Block verification: a chain is accepted by the ratio of whole prefixes instead of token by token, which accepts at least as much and is optimal for chains. Of a tree it reads
/// the first child at each node. Exact in law.
/// Source: Sun et al., "Block verification accelerates speculative decoding", arXiv 2403.10444.
/// </summary>
[Method(Source = "Sun et al., block verification, arXiv 2403.10444")]
public sealed class Block : Verifier
{
    private readonly Residual _left = new();
    private readonly Proposal _proposal = new();
    private int[] _chain = new int[16];
    private double[] _ratios = new double[17];

    /// <inheritdoc/>
    public override bool IsLossless => true;

    /// <inheritdoc/>
    public override Acceptance Verify(TokenTree tree, ITarget target, Sequence sequence)
    {
        RandomSource random = sequence.Random;
        int length = Read(tree, target), accepted = length;
        while (accepted > 0 && !random.Accept(Stop(tree, target, accepted, length))) accepted--;
        ReadOnlySpan<int> path = _chain.AsSpan(0, accepted);
        Distribution law = target.Law(accepted == 0 ? 0 : path[^1]);
        if (accepted == length) return new Acceptance(path, law.Tokens[random.Pick(law.Probabilities)]);
        if (accepted == 0) Leave(tree, target, 0);
        // Nothing left is rounding: draft and target agree here.
        return new Acceptance(path, _left.Total < Residual.Epsilon ? law.Tokens[random.Pick(law.Probabilities)] : _left.Pick(random));
    }

    // The chain, and _ratios[i] = min(1, _ratios[i − 1] · p(x)/q(x)) for its first i tokens.
    private int Read(TokenTree tree, ITarget target)
    {
        int length = 0;
        _ratios[0] = 1;
        for (int at = 0, child = tree.FirstCandidate(0); child >= 0; at = child, child = tree.FirstCandidate(child))
        {
            if (length == _chain.Length)
            {
                Array.Resize(ref _chain, 2 * length);
                Array.Resize(ref _ratios, (2 * length) + 1);
            }
            _chain[length++] = child;
            _proposal.Read(tree, child);
            _left.Start(target.Law(at));
            _ratios[length] = Math.Min(1, _ratios[length - 1] * _left[tree.Token(child)] / _proposal.OfCandidate);
        }
        return length;
    }

    // Probability of ending after exactly `accepted` tokens, given that no longer prefix was taken.
    private double Stop(TokenTree tree, ITarget target, int accepted, int length)
    {
        double ratio = _ratios[accepted];
        if (accepted == length) return ratio;
        double left = Leave(tree, target, accepted), all = left + 1 - ratio;
        return all > 0 ? left / all : 1;
    }

    // (ratio · p − q)₊ behind the first `accepted` tokens; returns its sum.
    private double Leave(TokenTree tree, ITarget target, int accepted)
    {
        double ratio = _ratios[accepted];
        _proposal.Read(tree, _chain[accepted]);
        _left.Start(target.Law(accepted == 0 ? 0 : _chain[accepted - 1]), ratio);
        _left.Subtract(_proposal, 1);
        return _left.Total;
    }
}
