using Percheron.Decoding;
using Percheron.Models;

namespace Percheron.Drafters;

/// <summary>
/// What a drafter that drafts ahead of time keeps for one sequence: a child that is the sequence as it will be if the target accepts everything, and the tree drafted for it, whose first
/// level guesses the token the target adds.
/// </summary>
/// <param name="child">The only sequence the inner drafter ever sees.</param>
internal sealed class Forecast(Sequence child)
{
    private static readonly Rows None = new();

    private readonly TokenTree _tree = new();
    private readonly List<(Distribution From, Distribution To)> _laws = [];
    private int[] _path = new int[16], _nodeOf = new int[16], _takenAs = new int[16];
    private TokenTree? _drafted;
    private int _draftedNodes;
    private bool _fromTree, _made;

    /// <summary>The child.</summary>
    public Sequence Child { get; } = child;

    /// <summary>What is to be drafted beside the target.</summary>
    public DraftSlot Slot => new(Child, _tree);

    /// <summary>The inner drafter is asked for this proposal itself.</summary>
    public DraftSlot Ask(DraftSlot slot)
    {
        Child.Follow(slot.Sequence.Tokens, int.MaxValue);
        (_fromTree, _made) = (false, false);
        return new DraftSlot(Child, slot.Tree);
    }

    /// <summary>Notes what the proposal holds now, so that it is known again when the target begins with it.</summary>
    public void Noted(TokenTree proposal) => (_drafted, _draftedNodes) = (proposal, proposal.Count);

    /// <summary>
    /// If the target did what was forecast, and what was drafted behind it is more than nothing, fills the proposal with that. Whether it does depends on committed tokens and on
    /// the shape of the tree, never on the tokens that are handed over.
    /// </summary>
    public bool TryTake(DraftSlot slot)
    {
        ReadOnlySpan<int> tokens = slot.Sequence.Tokens;
        if (!_made || tokens.Length != Child.Count + 1 || !tokens[..^1].SequenceEqual(Child.Tokens)) return false;
        int root = _tree.FindCandidate(0, tokens[^1]);
        if (root < 0 || _tree.FirstCandidate(root) < 0) return false;
        Reserve(_tree.Count);
        _laws.Clear();
        _takenAs.AsSpan(0, root).Fill(-1);
        (_takenAs[root], _nodeOf[0]) = (0, root);
        for (int node = root + 1; node < _tree.Count; node++)
        {
            int parent = _tree.Parent(node) < root ? -1 : _takenAs[_tree.Parent(node)];
            _takenAs[node] = parent < 0 || slot.Tree.Room == 0 ? -1 : slot.Tree.AddFrom(parent, _tree, node, Law(slot.Tree, _tree.Law(node)));
            if (_takenAs[node] >= 0) _nodeOf[_takenAs[node]] = node;
        }
        (_fromTree, _made) = (true, false);
        return true;
    }

    /// <summary>
    /// Forecasts that the target accepts the first path of the proposal, and lets the inner drafter learn it as if it were so: its rows stay, and none is evaluated twice. A
    /// wrong forecast is taken back when the child follows its sequence again.
    /// </summary>
    public void Make(DraftSlot slot, Drafter inner)
    {
        int length = 0;
        for (int node = slot.Tree.FirstCandidate(0); node >= 0; node = slot.Tree.FirstCandidate(node))
        {
            if (length + 1 >= _path.Length) Array.Resize(ref _path, 2 * _path.Length);
            _path[length++] = node;
        }
        Child.Follow(slot.Sequence.Tokens, int.MaxValue);
        foreach (int node in _path.AsSpan(0, length)) Child.Append(slot.Tree.Token(node));
        bool known = slot.Tree == _drafted && slot.Tree.Count == _draftedNodes;
        if (known && length > 0) Tell(slot, inner, length);
        _drafted = null;
        _tree.Reset(Child.Tokens[^1], Child.Count - 1, slot.Tree.Count + slot.Tree.Room);
        _made = true;
    }

    // The last token of the path is to the inner drafter what the target adds: it stands in no cache yet.
    private void Tell(DraftSlot slot, Drafter inner, int length)
    {
        int next = slot.Tree.Token(_path[length - 1]), first = slot.Tree.RootPosition;
        ReadOnlySpan<int> path = _path.AsSpan(0, length - 1);
        if (_fromTree)
        {
            // In the tree these nodes come from, the guessed token stands before them.
            for (int i = length - 1; i > 0; i--) _path[i] = _nodeOf[_path[i - 1]];
            _path[0] = _nodeOf[0];
            path = _path.AsSpan(0, length);
        }
        inner.Observe(new Step(Child, _fromTree ? _tree : slot.Tree, None, root: -1, first, [], new Acceptance(path, next)));
    }

    // Siblings drawn from one law must still share one.
    private Distribution? Law(TokenTree proposal, Distribution? law)
    {
        if (law is null) return null;
        foreach ((Distribution from, Distribution to) in _laws) if (from == law) return to;
        Distribution copy = proposal.RentLaw();
        copy.CopyFrom(law);
        _laws.Add((law, copy));
        return copy;
    }

    private void Reserve(int nodes)
    {
        if (_takenAs.Length >= nodes) return;
        Array.Resize(ref _takenAs, Math.Max(nodes, 2 * _takenAs.Length));
        Array.Resize(ref _nodeOf, _takenAs.Length);
    }
}
