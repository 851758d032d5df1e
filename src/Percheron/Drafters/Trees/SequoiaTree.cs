using Percheron.Decoding;

namespace Percheron.Drafters.Trees;

/// <summary>
/// The best fixed tree for the acceptance that was measured: how often the first, second, … child of an accepted node is the accepted one gives, by dynamic programming, the tree of
/// each number of nodes and levels that is expected to win most. It is measured and planned anew while it runs.
/// </summary>
[Method(Source = "Sequoia, arXiv 2402.12374 §3.1", Examples = ["model(tree=sequoia)"])]
public sealed class SequoiaTree : TreeShape
{
    private const int Ranks = 8, Depths = 16, ReplanEvery = 32;

    // Before anything is known: the first child, each further one by as much less, and as so many trials.
    private const float First = 0.7f, Sibling = 0.25f, PriorTrials = 8;

    // Trials fade, so that the tree follows the text.
    private const float Keep = 0.998f;

    private readonly AcceptancePlan _plan;
    private readonly Places?[] _trees;
    private readonly bool[] _stale;
    private readonly float[] _trials = new float[Ranks], _hits = new float[Ranks], _rates = new float[Ranks];
    private int _observed;

    /// <param name="nodes">Nodes at most, 1 to 128; a smaller budget has its own tree.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is out of range.</exception>
    public SequoiaTree(int nodes = 32)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(nodes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(nodes, 128);
        _plan = new AcceptancePlan(nodes, Depths, Ranks);
        (_trees, _stale) = (new Places?[(nodes + 1) * (Depths + 1)], new bool[(nodes + 1) * (Depths + 1)]);
        float hits = First * PriorTrials;
        for (int rank = 0; rank < Ranks; rank++, hits *= Sibling) (_trials[rank], _hits[rank]) = (PriorTrials, hits);
        Replan();
    }

    internal override bool EndsPaths => true;

    internal override int Levels(int levels) => Math.Min(levels, Depths);

    internal override int Apart(int width, int levels, bool cold) => 0;

    internal override void Expand(Level level) => TreeOf(level).Fill(level, level.IsCold);

    internal override void Choose(Level level) => level.Growth.NextFrontier(_plan.Nodes, level.Least);

    internal override void Observe(in Step step)
    {
        TokenTree tree = step.Tree;
        ReadOnlySpan<int> path = step.Acceptance.Path;
        for (int i = 0, parent = 0; i <= path.Length; i++)
        {
            int accepted = i < path.Length ? path[i] : -1, rank = 0;
            for (int node = tree.FirstCandidate(parent); node >= 0 && rank < Ranks; node = tree.NextCandidate(node), rank++)
                (_trials[rank], _hits[rank]) = ((_trials[rank] * Keep) + 1, (_hits[rank] * Keep) + (node == accepted ? 1 : 0));
            parent = accepted;
        }
        if (++_observed % ReplanEvery == 0) Replan();
    }

    private void Replan()
    {
        for (int rank = 0; rank < Ranks; rank++) _rates[rank] = _hits[rank] / _trials[rank];
        _plan.Make(_rates);
        Array.Fill(_stale, true);
    }

    // The budget of a step is the same on all of its levels.
    private Places TreeOf(Level level)
    {
        Growth growth = level.Growth;
        int nodes = Math.Min(_plan.Nodes, growth.Tree.Room + growth.Tree.Count - 1), at = (nodes * (Depths + 1)) + growth.Levels;
        Places tree = _trees[at] ??= new Places(nodes);
        if (_stale[at]) _plan.Write(tree, nodes, growth.Levels);
        _stale[at] = false;
        return tree;
    }
}
