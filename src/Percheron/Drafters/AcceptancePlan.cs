namespace Percheron.Drafters;

/// <summary>
/// The trees that are expected to win most where the b-th child of an accepted node is the accepted one with probability a(b): for a node with b children, b − 1 of them have some of
/// the nodes and the last one the others.
/// </summary>
/// <remarks>Source: Sequoia, arXiv 2402.12374 §3.1; methods.md §2.2.</remarks>
internal sealed class AcceptancePlan
{
    private readonly int _depths, _ranks;

    // [nodes, the node itself included; levels below it; children]: expected accepted nodes, the node itself included, and how many nodes the first children and it have.
    private readonly float[,,] _won;
    private readonly byte[,,] _split;

    // [nodes, levels]: the best number of children, and of nodes: fewer than there may be where more win nothing.
    private readonly byte[,] _children, _used;

    /// <param name="nodes">Nodes behind the root at most, below 255.</param>
    /// <param name="depths">Levels at most.</param>
    /// <param name="ranks">Children of a node at most.</param>
    public AcceptancePlan(int nodes, int depths, int ranks)
    {
        (Nodes, _depths, _ranks) = (nodes, depths, ranks);
        (_won, _split) = (new float[nodes + 2, depths + 1, ranks + 1], new byte[nodes + 2, depths + 1, ranks + 1]);
        (_children, _used) = (new byte[nodes + 2, depths + 1], new byte[nodes + 2, depths + 1]);
    }

    /// <summary>Nodes behind the root at most.</summary>
    public int Nodes { get; }

    /// <summary>Expected number of accepted nodes, the root not counted.</summary>
    public float Expected(int nodes, int levels) => Best(nodes + 1, levels) - 1;

    /// <summary>Plans for these rates [ranks].</summary>
    public void Make(ReadOnlySpan<float> rates)
    {
        for (int nodes = 1; nodes <= Nodes + 1; nodes++)
            for (int level = 0; level <= _depths; level++) Make(nodes, level, rates);
    }

    /// <summary>Writes the best tree of at most so many nodes behind the root and so many levels.</summary>
    public void Write(Places tree, int nodes, int levels)
    {
        tree.Clear();
        Write(tree, 0, nodes + 1, Math.Min(levels, _depths));
    }

    private float Best(int nodes, int level) => _won[_used[nodes, level], level, _children[nodes, level]];

    private void Make(int nodes, int level, ReadOnlySpan<float> rates)
    {
        _won[nodes, level, 0] = nodes == 1 ? 1 : float.NegativeInfinity;
        for (int children = 1; children <= _ranks; children++)
        {
            float most = float.NegativeInfinity;
            for (int first = 1; first < nodes && level > 0; first++)
            {
                float won = _won[first, level, children - 1] + (rates[children - 1] * Best(nodes - first, level - 1));
                if (won > most) (most, _split[nodes, level, children]) = (won, (byte)first);
            }
            _won[nodes, level, children] = most;
        }
        (byte used, byte best) = nodes == 1 ? ((byte)1, (byte)0) : (_used[nodes - 1, level], _children[nodes - 1, level]);
        float record = _won[used, level, best];
        for (int children = 1; children <= _ranks; children++)
            if (_won[nodes, level, children] > record) (record, used, best) = (_won[nodes, level, children], (byte)nodes, (byte)children);
        (_used[nodes, level], _children[nodes, level]) = (used, best);
    }

    private void Write(Places tree, int place, int nodes, int level) => Write(tree, place, _used[nodes, level], level, _children[nodes, level]);

    // All children come before what is below them: they have to stand in order.
    private void Write(Places tree, int place, int nodes, int level, int children)
    {
        if (children == 0) return;
        int first = _split[nodes, level, children];
        Write(tree, place, first, level, children - 1);
        Write(tree, tree.Add(place), nodes - first, level - 1);
    }
}
