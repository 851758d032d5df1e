using Percheron.Decoding;

namespace Percheron.Drafters;

/// <summary>Copies of text merged into one trie, each node with the number of copies that pass through it; the most frequent nodes are proposed.</summary>
internal sealed class Continuations
{
    private int[] _token = new int[64], _parent = new int[64], _child = new int[64], _sibling = new int[64], _count = new int[64], _order = new int[64], _taken = new int[64];
    private long[] _keys = new long[64];
    private int _nodes;

    /// <summary>Number of copies.</summary>
    public int Copies => _count[0];

    /// <summary>Forgets all copies.</summary>
    public void Clear()
    {
        _nodes = 1;
        (_count[0], _child[0], _parent[0]) = (0, -1, -1);
    }

    /// <summary>Begins a copy; follow it with <see cref="Extend"/>, from node 0 on.</summary>
    public void Begin() => _count[0]++;

    /// <summary>The node behind <paramref name="node"/> with this token, one copy richer.</summary>
    public int Extend(int node, int token)
    {
        int child = _child[node];
        while (child >= 0 && _token[child] != token) child = _sibling[child];
        if (child < 0) child = Append(node, token);
        _count[child]++;
        return child;
    }

    /// <summary>Adds the most frequent nodes to a tree, parents before children, as long as they are as frequent as <paramref name="share"/> of the copies.</summary>
    /// <param name="tree">The tree; everything goes behind its root.</param>
    /// <param name="most">Nodes at most.</param>
    /// <param name="share">Least part of the copies, each counted together with <paramref name="doubt"/> copies that know nothing.</param>
    /// <param name="doubt">Copies worth of doubt.</param>
    public void Propose(TokenTree tree, int most, float share, float doubt)
    {
        int wanted = 0;
        for (int node = 1; node < _nodes; node++)
            if (_count[node] >= share * (_count[0] + doubt)) (_keys[wanted], _order[wanted++]) = (((long)-_count[node] << 32) + node, node);
        // A parent is as frequent as its child and older, so this order never puts a child first.
        Span<int> order = _order.AsSpan(0, wanted);
        _keys.AsSpan(0, wanted).Sort(order);
        _taken[0] = 0;
        foreach (int node in order[..Math.Min(most, wanted)])
        {
            int parent = _parent[node], at = _taken[parent];
            float claim = _count[node] / (_count[parent] + doubt);
            bool worth = at >= 0 && tree.Room > 0 && tree.WorthRow(tree.ChanceOf(at, claim), tree.Count - 1);
            _taken[node] = worth ? tree.Add(at, _token[node], claim: claim) : -1;
        }
    }

    private int Append(int parent, int token)
    {
        if (_nodes == _token.Length)
        {
            int size = 2 * _nodes;
            Array.Resize(ref _token, size);
            Array.Resize(ref _parent, size);
            Array.Resize(ref _child, size);
            Array.Resize(ref _sibling, size);
            Array.Resize(ref _count, size);
            Array.Resize(ref _order, size);
            Array.Resize(ref _taken, size);
            Array.Resize(ref _keys, size);
        }
        (_token[_nodes], _parent[_nodes], _child[_nodes], _sibling[_nodes], _count[_nodes]) = (token, parent, -1, _child[parent], 0);
        return _child[parent] = _nodes++;
    }
}
