namespace Percheron.Planning;

/// <summary>
/// The best tree of a fixed shape for given numbers of nodes and levels, when all that is known of a candidate is its place: its depth and how many siblings come before
/// it. Computed for all numbers at once.
/// </summary>
/// <remarks>Source: Sequoia, arXiv 2402.12374 §3.1: dynamic programme over subtrees, with an acceptance rate for each depth as well.</remarks>
public sealed class PositionalTree
{
    private readonly int _nodes, _depth, _width;
    private readonly Func<int, int, double> _rate;
    // By depth of the parent, rank of the next child and nodes left: expected accepted nodes, and how many the next child and what is below it get.
    private readonly double[] _best;
    private readonly int[] _given;

    /// <param name="rate">By depth (from 1) and rank (from 0): the probability that this sibling is the accepted one, given that the parent was accepted.</param>
    /// <param name="nodes">Nodes behind the root at most.</param>
    /// <param name="depth">Levels at most.</param>
    /// <param name="width">Children of a node at most.</param>
    public PositionalTree(Func<int, int, double> rate, int nodes, int depth, int width)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(nodes);
        ArgumentOutOfRangeException.ThrowIfLessThan(depth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        (_rate, _nodes, _depth, _width) = (rate, nodes, depth, width);
        _best = new double[(depth + 1) * (width + 1) * (nodes + 1)];
        _given = new int[_best.Length];
        for (int at = depth - 1; at >= 0; at--)
            for (int rank = width - 1; rank >= 0; rank--)
                for (int left = 1; left <= nodes; left++) Solve(at, rank, left);
    }

    /// <summary>Expected number of accepted nodes of the best tree of at most <paramref name="nodes"/> nodes.</summary>
    public double Expected(int nodes) => _best[Index(0, 0, nodes)];

    /// <summary>The best tree: the parent of each node behind the root, 0 being the root; a parent comes before its children and siblings stand in the order of their ranks.</summary>
    public int[] Shape(int nodes)
    {
        var parents = new List<int>();
        Build(parents, 0, 0, 0, nodes);
        return [.. parents];
    }

    private void Solve(int at, int rank, int left)
    {
        double rate = _rate(at + 1, rank);
        int index = Index(at, rank, left);
        for (int given = 1; given <= left; given++)
        {
            double value = (rate * (1 + _best[Index(at + 1, 0, given - 1)])) + _best[Index(at, rank + 1, left - given)];
            if (value > _best[index]) (_best[index], _given[index]) = (value, given);
        }
    }

    private void Build(List<int> parents, int parent, int at, int rank, int left)
    {
        if (at == _depth || rank == _width || left == 0) return;
        int given = _given[Index(at, rank, left)];
        if (given == 0) return;
        parents.Add(parent);
        Build(parents, parents.Count, at + 1, 0, given - 1);
        Build(parents, parent, at, rank + 1, left - given);
    }

    private int Index(int at, int rank, int left) => (((at * (_width + 1)) + rank) * (_nodes + 1)) + left;
}
