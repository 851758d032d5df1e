using Percheron.Decoding;

namespace Percheron.Drafters.Trees;

/// <summary>
/// Stochastic beam search: each level has as many nodes as the width in all, drawn without replacement from the law of whole paths, so that a sure node has one child and a doubtful
/// one several.
/// </summary>
/// <remarks>
/// In an exponential race over paths a node arrives with its first child, and each further child comes after the time that what is left of the node's probability takes. Which
/// path arrives next is decided by the mean of that time, not by a draw of it: then whether a child exists depends on siblings drawn before it, never on itself (methods.md P3).
/// </remarks>
[Method(Source = "RSD-S, recursive speculative decoding, arXiv 2402.14160 §3.2; stochastic beam search, arXiv 1903.06059", Examples = ["model(width=3, depth=3, tree=stochastic-beam)"])]
public sealed class StochasticBeamTree : TreeShape
{
    // Less than this is left of a path: it is never reached.
    private const float Nothing = 1e-12f;

    private readonly List<Branch> _branches = [];

    private sealed class Branch
    {
        public int[] Tokens = [];
        public Distribution Law = null!;
        public int Node, Count, Taken;
        public float Arrival, Path, Left, Confidence, Claim;
    }

    internal override bool EndsPaths => true;

    internal override void Expand(Level level)
    {
        if (level.IsCold)
        {
            level.AddBestEverywhere();
            return;
        }
        int count = 0, quota = Math.Min(level.Width, level.Quota);
        for (int i = 0; i < level.Growth.Frontier.Length; i++)
            if (Open(level, i, count, quota)) count++;
        for (; quota > 0; quota--)
        {
            Branch? first = null;
            for (int i = 0; i < count; i++)
                if (_branches[i] is var branch && branch.Taken < branch.Count && (first is null || branch.Arrival < first.Arrival)) first = branch;
            if (first is null) return;
            Take(level.Growth, first);
        }
    }

    private bool Open(Level level, int index, int at, int wanted)
    {
        if (at == _branches.Count) _branches.Add(new Branch());
        Branch branch = _branches[at];
        Growth growth = level.Growth;
        int node = growth.Frontier[index];
        if (level.Law(index, out branch.Confidence, out branch.Claim) is not { } law) return false;
        ReadOnlySpan<int> tokens = level.Draw(node, law, wanted);
        if (branch.Tokens.Length < tokens.Length) branch.Tokens = new int[tokens.Length];
        tokens.CopyTo(branch.Tokens);
        (branch.Law, branch.Node, branch.Count, branch.Taken, branch.Left) = (law, node, tokens.Length, 0, 1);
        // The score of a node is its arrival, negated; its mark the probability of its path.
        (branch.Arrival, branch.Path) = (-growth.Score(node), node == 0 ? 1 : growth.Mark(node));
        return true;
    }

    private static void Take(Growth growth, Branch branch)
    {
        int token = branch.Tokens[branch.Taken];
        float probability = branch.Law[token];
        int node = growth.Add(branch.Node, token, branch.Law, -branch.Arrival, branch.Confidence, branch.Taken == 0 ? branch.Claim : float.NaN);
        growth.Mark(node) = branch.Path * probability;
        branch.Taken++;
        branch.Left -= probability;
        if (branch.Path * branch.Left < Nothing) branch.Count = branch.Taken;
        else branch.Arrival += 1 / (branch.Path * branch.Left);
    }
}
