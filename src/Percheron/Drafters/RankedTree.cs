namespace Percheron.Drafters;

/// <summary>
/// The static tree of a drafter that ranks continuations: which nodes to propose first, by the product of how often a continuation of each rank is the right one.
/// </summary>
/// <remarks>A parent always stands before its children, so the first nodes are a tree of their own for any budget. Source: Medusa, arXiv 2401.10774 §2.3.3 (greedy construction).</remarks>
internal sealed class RankedTree
{
    private readonly int[] _parents, _ranks;

    /// <param name="nodes">Nodes behind the root.</param>
    /// <param name="depth">Longest path.</param>
    /// <param name="hits">How often a continuation of rank 0, 1, … is right; falling, each below 1.</param>
    public RankedTree(int nodes, int depth, ReadOnlySpan<float> hits)
    {
        (_parents, _ranks) = (new int[nodes + 1], new int[nodes + 1]);
        var chance = new float[nodes + 1];
        var depths = new int[nodes + 1];
        // The next rank that each node may still be given as a child.
        var open = new int[nodes + 1];
        (chance[0], Count) = (1, 1);
        for (; Count <= nodes; Count++)
        {
            int parent = -1;
            for (int node = 0; node < Count; node++)
            {
                if (depths[node] == depth || open[node] == hits.Length) continue;
                if (parent < 0 || chance[node] * hits[open[node]] > chance[parent] * hits[open[parent]]) parent = node;
            }
            if (parent < 0) break;
            int rank = open[parent]++;
            (_parents[Count], _ranks[Count], depths[Count], chance[Count]) = (parent, rank, depths[parent] + 1, chance[parent] * hits[rank]);
        }
    }

    /// <summary>Number of nodes, the root included.</summary>
    public int Count { get; }

    /// <summary>The parent of a node; nodes are numbered from the root, 0, most promising first.</summary>
    public int Parent(int node) => _parents[node];

    /// <summary>Which of its parent's continuations a node is, 0 the likeliest.</summary>
    public int Rank(int node) => _ranks[node];
}
