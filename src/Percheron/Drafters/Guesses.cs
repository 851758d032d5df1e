using Percheron.Decoding;
using Percheron.Models;

namespace Percheron.Drafters;

/// <summary>
/// What a cheaper drafter expects of a tree that a model grows for one sequence: rows that are evaluated together with those of the frontier, before there are nodes that need them.
/// A node whose row is already there needs no forward of its own.
/// </summary>
/// <remarks>The answers of all forwards of a step are kept until the next one, because a guess may come true several levels later.</remarks>
/// <param name="child">The only sequence the cheaper drafter sees: the text and a path of the tree. The model's choices are to it what the target's are to others.</param>
internal sealed class Guesses(Sequence child)
{
    private readonly List<Rows> _forwards = [];
    private readonly TokenTree _tree = new();
    // Row of each guess of _tree among those of _rows.
    private int[] _rowOf = new int[8], _path = new int[16];
    private Rows _rows = null!;
    // The node that _tree hangs on; −1 while nothing is asked.
    private int _node = -1;
    private int _used;
    private bool _follows;

    /// <summary>The sequence that is the text and a path.</summary>
    public Sequence Child => child;

    /// <summary>Rows that may still be guessed in the next forward.</summary>
    public int Room { get; set; }

    /// <summary>Starts over for a step.</summary>
    public void Begin() => (_used, _node, _follows) = (0, -1, false);

    /// <summary>The rows of the next forward, none yet.</summary>
    public Rows NextForward(KvCache cache)
    {
        if (_used == 0 || _forwards[_used - 1].Count > 0)
        {
            if (_used == _forwards.Count) _forwards.Add(new Rows());
            _used++;
        }
        _forwards[_used - 1].Reset(cache);
        return _forwards[_used - 1];
    }

    /// <summary>The scratch row of a token under a scratch row, if some forward of this step has it; else −1.</summary>
    public int Find(int parent, int token)
    {
        for (int i = 0; i < _used; i++)
        {
            ReadOnlySpan<int> parents = _forwards[i].Parents, tokens = _forwards[i].Tokens;
            for (int row = 0; row < parents.Length; row++)
                if (parents[row] == parent && tokens[row] == token) return _forwards[i].FirstScratch + row;
        }
        return -1;
    }

    /// <summary>The model's answer at a scratch row [vocab].</summary>
    public ReadOnlySpan<float> Logits(int row)
    {
        int i = _used - 1;
        while (_forwards[i].FirstScratch > row) i--;
        return _forwards[i].Logits(row - _forwards[i].FirstScratch);
    }

    /// <summary>What to ask the cheaper drafter for, below a node of the frontier that is about to be evaluated.</summary>
    /// <param name="growth">The tree.</param>
    /// <param name="node">The node.</param>
    /// <param name="row">Its row among those of the forward.</param>
    /// <param name="most">Rows to guess.</param>
    public DraftSlot Open(Growth growth, int node, int row, int most)
    {
        Point(growth, node);
        _tree.Reset(growth.Tree.Token(node), growth.Tree.Position(node), most);
        (_rows, _node, _rowOf[0]) = (growth.Rows, node, row);
        return new DraftSlot(child, _tree);
    }

    /// <summary>Adds what was guessed to the forward.</summary>
    public void Close()
    {
        if (_rowOf.Length < _tree.Count) Array.Resize(ref _rowOf, 2 * _tree.Count);
        for (int node = 1; node < _tree.Count; node++)
            _rowOf[node] = _rows.Add(_tree.Token(node), _rows.FirstScratch + _rowOf[_tree.Parent(node)], logits: true) - _rows.FirstScratch;
        Room -= _tree.Count - 1;
    }

    /// <summary>Shows the cheaper drafter what became of its last guesses, once as much as possible is known: of several children of a node the first is the one that was chosen.</summary>
    public void Tell(Growth growth, Drafter inner)
    {
        int last = _node < 0 ? -1 : growth.Tree.FirstCandidate(_node), length = 0;
        _node = -1;
        if (last < 0) return;
        for (int at = 0; _tree.FindCandidate(at, growth.Tree.Token(last)) is >= 0 and var guess && growth.Tree.FirstCandidate(last) is >= 0 and var next; at = guess, last = next)
        {
            if (length == _path.Length) Array.Resize(ref _path, 2 * length);
            _path[length++] = guess;
        }
        Point(growth, last);
        Step forward = new(child, _tree, _rows, 0, _tree.RootPosition, [], Acceptance.None);
        inner.Observe(forward.Within(_tree, _rowOf.AsSpan(0, _tree.Count), new Acceptance(_path.AsSpan(0, length), growth.Tree.Token(last))));
    }

    // Makes the child the text and the path to a node. Within a step it mostly goes on where it is, which takes nothing back.
    private void Point(Growth growth, int node)
    {
        (Sequence sequence, TokenTree tree) = (growth.Sequence, growth.Tree);
        int depth = tree.Depth(node);
        Span<int> tokens = stackalloc int[depth];
        for (int at = node; at > 0; at = tree.Parent(at)) tokens[tree.Depth(at) - 1] = tree.Token(at);
        ReadOnlySpan<int> there = _follows ? child.Tokens[sequence.Count..] : [];
        if (!_follows || !tokens.StartsWith(there))
        {
            child.Follow(sequence.Tokens, int.MaxValue);
            _follows = true;
            there = [];
        }
        foreach (int token in tokens[there.Length..]) child.Append(token);
    }
}
