using Percheron.Decoding;

namespace Percheron.Verifiers;

/// <summary>The accepted nodes, from below the root down; reused from step to step.</summary>
internal sealed class NodePath
{
    private int[] _nodes = new int[16];
    private int _count;

    /// <summary>Begins at the root.</summary>
    public void Clear() => _count = 0;

    /// <summary>Goes on to a child of the last node.</summary>
    public void Add(int node)
    {
        if (_count == _nodes.Length) Array.Resize(ref _nodes, 2 * _count);
        _nodes[_count++] = node;
    }

    /// <summary>Makes it the whole path from the root to <paramref name="node"/>.</summary>
    public void Become(TokenTree tree, int node)
    {
        _count = tree.Depth(node);
        if (_nodes.Length < _count) Array.Resize(ref _nodes, Math.Max(_count, 2 * _nodes.Length));
        for (int i = _count - 1; i >= 0; i--, node = tree.Parent(node)) _nodes[i] = node;
    }

    /// <summary>The path and the token behind it.</summary>
    public Acceptance Then(int next) => new(_nodes.AsSpan(0, _count), next);
}
