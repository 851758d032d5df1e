using Percheron.Decoding;

namespace Percheron.Verifiers;

/// <summary>
/// The optimal rule for two drafts. Of two independent draws from one law one is selected, so that the law of the selected token is as near to the target's as selection can
/// bring it, and that one is tried by ratio: no rule accepts more. Other draws are tried one by one and fixed candidates last, which is optimal for one of each. Exact in law.
/// Source: Khisti et al., "Multi-draft speculative sampling: canonical decomposition and theoretical limits", arXiv 2410.18234; SpecHub, arXiv 2411.05289.
/// </summary>
/// <remarks>All tokens are sorted at a node with two draws: the rule is for small laws (top-k, top-p) or costly targets. The selection itself is found without a linear programme.</remarks>
[Method(Source = "Khisti et al., multi-draft speculative sampling, arXiv 2410.18234; SpecHub, arXiv 2411.05289")]
public sealed class Optimal : Verifier
{
    private readonly Rejection _rejection = new();
    private readonly PairSelection _selection = new();
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
            int accepted = TryDrawn(tree, at, random);
            for (int child = tree.FirstCandidate(at); child >= 0 && accepted < 0; child = tree.NextCandidate(child))
                if (tree.Law(child) is null && _rejection.Accept(tree, child, random)) accepted = child;
            if (accepted < 0) return _path.Then(_rejection.Next(random));
            _path.Add(at = accepted);
        }
    }

    private int TryDrawn(TokenTree tree, int at, RandomSource random)
    {
        for (int child = tree.FirstCandidate(at); child >= 0; child = tree.NextCandidate(child))
        {
            if (tree.Law(child) is null || IsSecond(tree, child)) continue;
            int mate = Mate(tree, child), accepted = mate < 0 ? (_rejection.Accept(tree, child, random) ? child : -1) : TryPair(tree, child, mate, random);
            if (accepted >= 0) return accepted;
        }
        return -1;
    }

    private int TryPair(TokenTree tree, int first, int second, RandomSource random)
    {
        _rejection.Open();
        Residual left = _rejection.Left;
        Proposal proposal = _rejection.Proposal;
        proposal.Read(tree, first);
        _selection.Solve(left, proposal);
        int a = proposal.IndexOf(tree.Token(first)), b = proposal.IndexOf(tree.Token(second));
        (int chosen, int place) = a == b || random.Accept(_selection.Chance(a, b)) ? (first, a) : (second, b);
        ReadOnlySpan<double> selected = _selection.Selected(proposal.Tokens.Length);
        double before = left.Total, p = left[tree.Token(chosen)] / before;
        // A token so rare that its share is lost in rounding is selected as rarely; 0/0 must not accept what the target never gives.
        if (random.Accept(p < selected[place] ? p / selected[place] : p > 0 ? 1 : 0)) return chosen;
        left.Subtract(proposal.Tokens, selected, before);
        return _rejection.Nothing(p) ? chosen : -1;
    }

    // The next draw from the same law.
    private static int Mate(TokenTree tree, int node)
    {
        int sibling = tree.NextCandidate(node);
        while (sibling >= 0 && !Proposal.FromOneLaw(tree, node, sibling)) sibling = tree.NextCandidate(sibling);
        return sibling;
    }

    // Whether the candidate is the second of a pair: draws from one law are paired in order.
    private static bool IsSecond(TokenTree tree, int node)
    {
        bool second = false;
        for (int sibling = tree.FirstCandidate(tree.Parent(node)); sibling != node; sibling = tree.NextCandidate(sibling))
            if (Proposal.FromOneLaw(tree, sibling, node)) second = !second;
        return second;
    }
}
