using Percheron.Decoding;

namespace Percheron.Verifiers;

/// <summary>
/// Greedy-plus-one: drawn siblings are tried first, by the ratio of the laws, and fixed ones afterwards, each by what is left of its own probability. Where the fixed ones are
/// the draft's best k − 1 tokens and the drawn one comes from the rest of its law, no rule accepts more: Σ p over the fixed ones + Σ min(p, q) over the others. Exact in law.
/// Source: Hu et al., "Towards optimal multi-draft speculative decoding", arXiv 2502.18779 (greedy draft sampling); for k = 2 it is SpecHub, arXiv 2411.05289.
/// </summary>
/// <remarks>
/// Fixed first would waste the draw: it would be accepted by min(p, (1 − Σ p of the fixed)·q). A fixed candidate may come last whatever it was chosen by, because its
/// rule is right given everything before it.
/// </remarks>
[Method(Source = "Hu et al., towards optimal multi-draft speculative decoding, arXiv 2502.18779; SpecHub, arXiv 2411.05289")]
public sealed class GreedyPlusOne : Verifier
{
    private readonly Rejection _rejection = new();
    private readonly NodePath _path = new();

    /// <inheritdoc/>
    public override bool IsLossless => true;

    /// <inheritdoc/>
    public override Acceptance Verify(TokenTree tree, ITarget target, Sequence sequence)
    {
        RandomSource random = sequence.Random;
        _path.Clear();
        for (int at = 0; ;)
        {
            _rejection.Begin(target.Law(at));
            int child = Try(tree, at, false, random);
            if (child < 0) child = Try(tree, at, true, random);
            if (child < 0) return _path.Then(_rejection.Next(random));
            _path.Add(at = child);
        }
    }

    private int Try(TokenTree tree, int at, bool isFixed, RandomSource random)
    {
        for (int child = tree.FirstCandidate(at); child >= 0; child = tree.NextCandidate(child))
            if (tree.Law(child) is null == isFixed && _rejection.Accept(tree, child, random)) return child;
        return -1;
    }
}
