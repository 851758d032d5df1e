using Percheron.Decoding;

namespace Percheron.Verifiers;

/// <summary>
/// Traversal verification: leaves are tried first, in depth-first order, each by the ratio of its whole path, and a node only when nothing is left below it; so a token that
/// would be refused by itself can be accepted for what follows it. On a chain it is block verification; on trees it accepts at least as much as going down. Exact in law.
/// Source: Weng et al., "Traversal verification for speculative tree decoding", arXiv 2505.12398.
/// </summary>
/// <remarks>
/// A node u has α(u), the probability that the next leaf below it may take, and p(u), what is left of the target's law there. A child x has α = min(1, α(u)·p(x)/q(x)). When it
/// is refused, p(u) becomes (α(u)·p − q)₊ of sum R, brought to 1, and α(u) becomes R/(R + 1 − α(u)). q is read off the tag, given earlier siblings. Only nodes on the path that
/// is being tried have been changed and can still count, so one residual for each depth is enough.
/// </remarks>
[Method(Source = "Traversal verification for speculative tree decoding, arXiv 2505.12398")]
public sealed class Traversal : Verifier
{
    private sealed class Level
    {
        public readonly Residual Left = new();
        public int Node, Child;
        public double Alpha;
        public bool Tried;
    }

    private readonly List<Level> _levels = [];
    private readonly Proposal _proposal = new();
    private readonly NodePath _path = new();

    /// <inheritdoc/>
    public override bool IsLossless => true;

    /// <inheritdoc/>
    public override Acceptance Verify(TokenTree tree, ITarget target, Sequence sequence)
    {
        RandomSource random = sequence.Random;
        int depth = 0;
        Enter(tree, 0, 0, 1);
        while (true)
        {
            Level level = _levels[depth];
            if (level.Child >= 0)
            {
                double alpha = Ratio(tree, target, level);
                // Nothing below a node that cannot be accepted can be.
                if (alpha > 0) Enter(tree, ++depth, level.Child, alpha);
                else Refuse(tree, target, level);
            }
            else if (depth == 0 || random.Accept(level.Alpha))
            {
                _path.Become(tree, level.Node);
                Distribution law = target.Law(level.Node);
                return _path.Then(level.Tried ? level.Left.Pick(random) : law.Tokens[random.Pick(law.Probabilities)]);
            }
            else
            {
                Refuse(tree, target, _levels[--depth]);
            }
        }
    }

    private void Enter(TokenTree tree, int depth, int node, double alpha)
    {
        if (depth == _levels.Count) _levels.Add(new Level());
        Level level = _levels[depth];
        (level.Node, level.Child, level.Alpha, level.Tried) = (node, tree.FirstCandidate(node), alpha, false);
    }

    private double Ratio(TokenTree tree, ITarget target, Level level)
    {
        if (!level.Tried) level.Left.Start(target.Law(level.Node));
        level.Tried = true;
        _proposal.Read(tree, level.Child);
        return Math.Min(1, level.Alpha * level.Left[tree.Token(level.Child)] / (level.Left.Total * _proposal.OfCandidate));
    }

    private void Refuse(TokenTree tree, ITarget target, Level level)
    {
        _proposal.Read(tree, level.Child);
        double unit = level.Left.Total / level.Alpha;
        if (_proposal.IsPoint) level.Left.Remove(tree.Token(level.Child), unit);
        else level.Left.Subtract(_proposal, unit);
        double left = level.Left.Total;
        level.Child = tree.NextCandidate(level.Child);
        if (level.Alpha < 1 && left > 0)
        {
            level.Alpha = left / (left + 1 - level.Alpha);
            return;
        }
        if (level.Alpha >= 1 && left >= Residual.Epsilon) return;
        // Nothing is left. Below 1 the node cannot end the path any more; at 1 that is rounding, draft and target agree here, and the law begins anew.
        if (level.Alpha < 1) (level.Alpha, level.Child) = (0, -1);
        else level.Left.Start(target.Law(level.Node));
    }
}
