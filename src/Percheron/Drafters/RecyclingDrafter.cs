using Percheron.Decoding;

namespace Percheron.Drafters;

/// <summary>
/// Token recycling: for every token the likeliest successors the target named when it last saw that token, accepted or not, unrolled into a static tree. The table is shared by
/// all sequences and costs <c>width</c> numbers for each token of the vocabulary.
/// </summary>
[Method(Source = "Token recycling, arXiv 2408.08696 §3", Examples = ["recycling", "recycling(nodes=10, depth=3)"])]
public sealed class RecyclingDrafter : Drafter
{
    // How often a successor of each rank is the right one: what the paper's tree of 80 nodes, six deep, amounts to.
    private static readonly float[] Hits = [0.55f, 0.14f, 0.07f, 0.05f, 0.035f, 0.025f, 0.02f, 0.015f];

    private readonly RankedTree _shape;
    private readonly int[] _nodes;
    private readonly int _width;
    // [vocab, width]: successor + 1; 0 is unknown.
    private int[] _successors = [];

    /// <param name="nodes">Candidates of the whole tree.</param>
    /// <param name="depth">Longest path.</param>
    /// <param name="width">Successors kept for each token, at most 8.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public RecyclingDrafter(int nodes = 32, int depth = 6, int width = 8)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(nodes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(nodes, 1024);
        ArgumentOutOfRangeException.ThrowIfLessThan(depth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, Hits.Length);
        _width = width;
        _shape = new RankedTree(nodes, depth, Hits.AsSpan(0, width));
        _nodes = new int[_shape.Count];
    }

    /// <inheritdoc/>
    public override void Observe(in Step step)
    {
        if (!step.HasLogits) return;
        int vocab = step.Logits(0).Length;
        if (_successors.Length != vocab * _width) _successors = new int[vocab * _width];
        Span<int> top = stackalloc int[_width];
        for (int node = 0; node < step.Tree.Count; node++)
        {
            if (step.Tree.Extra(node) >= 0) continue;
            int count = TopTokens.Of(step.Logits(node), top);
            Span<int> row = _successors.AsSpan(step.Tree.Token(node) * _width, _width);
            for (int rank = 0; rank < _width; rank++) row[rank] = rank < count ? top[rank] + 1 : 0;
        }
    }

    /// <inheritdoc/>
    protected override void Draft(Sequence sequence, TokenTree tree)
    {
        if (_successors.Length == 0) return;
        for (int i = 1; i < _shape.Count; i++)
        {
            if (tree.Room <= 0) return;
            int parent = _nodes[_shape.Parent(i)];
            int token = parent < 0 ? -1 : _successors[(tree.Token(parent) * _width) + _shape.Rank(i)] - 1;
            _nodes[i] = token < 0 ? -1 : tree.Add(parent, token);
        }
    }
}
