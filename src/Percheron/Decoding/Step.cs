using Percheron.Models;

namespace Percheron.Decoding;

/// <summary>One finished step of one sequence, as drafters and observers see it. Everything it shows is good until <c>Observe</c> returns.</summary>
public readonly ref struct Step
{
    private readonly Rows _rows;
    private readonly ReadOnlySpan<int> _committed;
    // Row of each node of the tree behind the root's; empty where that is the node itself.
    private readonly ReadOnlySpan<int> _nodes;
    private readonly int _root;

    internal Step(Sequence sequence, TokenTree tree, Rows rows, int root, int first, ReadOnlySpan<int> committed, Acceptance acceptance)
    {
        (Sequence, Tree, FirstPosition) = (sequence, tree, first);
        Acceptance = acceptance;
        (_rows, _root) = (rows, root);
        _committed = committed;
    }

    private Step(Step whole, Sequence sequence, TokenTree part, ReadOnlySpan<int> nodes, Acceptance acceptance) :
        this(sequence, part, whole._rows, whole._root, whole.FirstPosition, whole._committed, acceptance) => _nodes = nodes;

    /// <summary>The sequence, its tokens already committed but not yet cut by stop conditions.</summary>
    public Sequence Sequence { get; }

    /// <summary>The proposal.</summary>
    public TokenTree Tree { get; }

    /// <summary>What was accepted; <see cref="Acceptance.None"/> while a prompt is read.</summary>
    public Acceptance Acceptance { get; }

    /// <summary>Rows of this sequence that were answered beside the tree, because its drafter asked for them (<see cref="Drafter.Aside"/>).</summary>
    public int Aside { get; init; }

    /// <summary>Whether the tree was evaluated; false while a prompt is read.</summary>
    public bool HasLogits => _root >= 0;

    /// <summary>The same step as one of several drafters sees it whose proposals were joined in one tree.</summary>
    /// <param name="part">Its own proposal.</param>
    /// <param name="nodes">For each node of it, the node of <see cref="Tree"/> it has become [part.Count]. The numbers may be changed; they are used as long as the step.</param>
    /// <param name="acceptance">What was accepted of the part, and the token that came next.</param>
    /// <param name="sequence">The sequence it drafted for, if that is one which follows this one.</param>
    public Step Within(TokenTree part, Span<int> nodes, Acceptance acceptance, Sequence? sequence = null)
    {
        if (nodes.Length != part.Count) throw new ArgumentException("every node of a part has become a node of the tree", nameof(nodes));
        if (!_nodes.IsEmpty)
            foreach (ref int node in nodes) node = _nodes[node];
        return new Step(this, sequence ?? Sequence, part, nodes, acceptance);
    }

    /// <summary>The target's logits after <paramref name="node"/> [vocab]; every node of the tree has them, probes too.</summary>
    public ReadOnlySpan<float> Logits(int node) => _rows.Logits(_root + Row(node));

    /// <summary>Absolute position of the first row committed in this step.</summary>
    public int FirstPosition { get; }

    /// <summary>Number of rows committed in this step; row i stands at FirstPosition + i.</summary>
    public int CommittedRows => _committed.Length;

    /// <summary>Hidden state <paramref name="state"/> (see <see cref="FeatureSet"/>) of committed row <paramref name="row"/> [HiddenSize].</summary>
    public ReadOnlySpan<float> Feature(int row, int state) => _rows.Feature(_committed[row], _rows.Features.IndexOf(state));

    /// <summary>Hidden state <paramref name="state"/> at <paramref name="node"/>, accepted or not.</summary>
    public ReadOnlySpan<float> NodeFeature(int node, int state) => _rows.Feature(_root + Row(node), _rows.Features.IndexOf(state));

    private int Row(int node) => _nodes.IsEmpty ? node : _nodes[node];
}
