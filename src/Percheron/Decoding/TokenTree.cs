namespace Percheron.Decoding;

/// <summary>
/// The proposal for one sequence in one step: node 0 is the last committed token, every other node extends its parent. Struct of arrays, reused.
/// </summary>
/// <remarks>
/// Each candidate says how it was drawn (its law), and a verifier reads that tag, never the drafter's name: no law = fixed, or drawn in an unknown way
/// but independently of the target's randomness; a law of its own = an independent draw from it; siblings that share one law object = drawn
/// from it without replacement, in order. Whether a node is added at all may depend on what was known before its token was drawn, never on the token.
/// Source: methods.md 2.1-P.
/// </remarks>
public sealed class TokenTree
{
    private readonly List<Distribution> _laws = [];
    private int[] _tokens = new int[16], _parents = new int[16], _depths = new int[16], _firstChild = new int[16], _lastChild = new int[16], _nextSibling = new int[16];
    private Distribution?[] _law = new Distribution?[16];
    private bool[] _probe = new bool[16];
    private int _rented, _budget;

    /// <summary>Number of nodes, the root included.</summary>
    public int Count { get; private set; }

    /// <summary>How many more nodes the budget allows.</summary>
    public int Room => _budget + 1 - Count;

    /// <summary>Number of candidates: nodes that are neither the root nor probes.</summary>
    public int Candidates { get; private set; }

    /// <summary>Absolute position of the root in its sequence; a node stands <see cref="Depth"/> behind it.</summary>
    public int RootPosition { get; private set; }

    /// <summary>Token of <paramref name="node"/>.</summary>
    public int Token(int node) => _tokens[node];

    /// <summary>Parent of <paramref name="node"/>; −1 for the root.</summary>
    public int Parent(int node) => _parents[node];

    /// <summary>Distance from the root.</summary>
    public int Depth(int node) => _depths[node];

    /// <summary>Absolute position of <paramref name="node"/> in its sequence.</summary>
    public int Position(int node) => RootPosition + _depths[node];

    /// <summary>The law <paramref name="node"/> was drawn from; null for a fixed candidate.</summary>
    public Distribution? Law(int node) => _law[node];

    /// <summary>Whether <paramref name="node"/> is evaluated but never accepted.</summary>
    public bool IsProbe(int node) => _probe[node];

    /// <summary>Empties the tree for a new step: a root and room for <paramref name="budget"/> nodes behind it. Takes back all rented laws.</summary>
    public void Reset(int rootToken, int rootPosition, int budget)
    {
        (Count, Candidates, _rented, _budget, RootPosition) = (0, 0, 0, Math.Max(0, budget), rootPosition);
        Append(rootToken, -1, null, false);
    }

    /// <summary>A law to fill and hand to <see cref="Add"/>; it belongs to the tree until the next <see cref="Reset"/>.</summary>
    public Distribution RentLaw()
    {
        if (_rented == _laws.Count) _laws.Add(new Distribution());
        return _laws[_rented++];
    }

    /// <summary>Adds a child; returns its node.</summary>
    /// <param name="parent">The node it extends; the child of a probe is a probe.</param>
    /// <param name="token">The token.</param>
    /// <param name="law">How the token was drawn (see the remarks of the class).</param>
    /// <param name="probe">Evaluated, answered through <see cref="Drafter.Observe"/>, never accepted.</param>
    /// <exception cref="InvalidOperationException">The budget is used up: ask <see cref="Room"/> first.</exception>
    public int Add(int parent, int token, Distribution? law = null, bool probe = false)
    {
        if (Room <= 0) throw new InvalidOperationException("the node budget is used up; a drafter asks Room before it adds");
        if ((uint)parent >= (uint)Count) throw new ArgumentOutOfRangeException(nameof(parent));
        if (_probe[parent] && !probe) throw new ArgumentException("a candidate cannot extend a probe", nameof(probe));
        return Append(token, parent, law, probe);
    }

    /// <summary>First candidate under <paramref name="node"/> in the order they were added, or −1.</summary>
    public int FirstCandidate(int node) => SkipProbes(_firstChild[node]);

    /// <summary>The next candidate with the same parent, or −1.</summary>
    public int NextCandidate(int node) => SkipProbes(_nextSibling[node]);

    /// <summary>The candidate under <paramref name="node"/> with this token, or −1.</summary>
    public int FindCandidate(int node, int token)
    {
        int child = FirstCandidate(node);
        while (child >= 0 && _tokens[child] != token) child = NextCandidate(child);
        return child;
    }

    private int SkipProbes(int node)
    {
        while (node >= 0 && _probe[node]) node = _nextSibling[node];
        return node;
    }

    private int Append(int token, int parent, Distribution? law, bool probe)
    {
        if (Count == _tokens.Length) Grow();
        int node = Count++;
        (_tokens[node], _parents[node], _law[node], _probe[node]) = (token, parent, law, probe);
        (_firstChild[node], _lastChild[node], _nextSibling[node]) = (-1, -1, -1);
        _depths[node] = parent < 0 ? 0 : _depths[parent] + 1;
        if (parent >= 0)
        {
            if (_firstChild[parent] < 0) _firstChild[parent] = node;
            else _nextSibling[_lastChild[parent]] = node;
            _lastChild[parent] = node;
            if (!probe) Candidates++;
        }
        return node;
    }

    private void Grow()
    {
        int size = 2 * Count;
        Array.Resize(ref _tokens, size);
        Array.Resize(ref _parents, size);
        Array.Resize(ref _depths, size);
        Array.Resize(ref _firstChild, size);
        Array.Resize(ref _lastChild, size);
        Array.Resize(ref _nextSibling, size);
        Array.Resize(ref _law, size);
        Array.Resize(ref _probe, size);
    }
}
