using Percheron.Models;

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
    private bool[] _probe = new bool[16], _decided = new bool[16];
    private int[] _rank = new int[16], _children = new int[16], _startedRow = new int[16], _extra = new int[16];
    private float[] _claim = new float[16], _chance = new float[16];
    private Drafter?[] _author = new Drafter?[16];
    private int _rented, _budget;

    /// <summary>Number of nodes, the root included.</summary>
    public int Count { get; private set; }

    /// <summary>How many more nodes the budget allows.</summary>
    public int Room => _budget + 1 - Count;

    /// <summary>Number of candidates: nodes that are neither the root nor probes.</summary>
    public int Candidates { get; private set; }

    /// <summary>Depth of the deepest candidate; 0 where there is none.</summary>
    public int Deepest { get; private set; }

    /// <summary>What nodes must be worth; null where they are free up to the budget.</summary>
    public TreePlan? Plan { get; private set; }

    /// <summary>Who adds nodes now; a drafter made of others sets it before it asks one of them.</summary>
    public Drafter? Author { get; set; }

    /// <summary>Forwards of a draft model that this tree took part in, those that only read committed tokens not counted.</summary>
    public int Forwards { get; private set; }

    /// <summary>Committed tokens that a draft model had to read for this tree.</summary>
    public int RowsRead { get; private set; }

    /// <summary>Expected number of accepted candidates, as far as the plan knows.</summary>
    public float Expected { get; private set; }

    /// <summary>Absolute position of the root in its sequence; a node stands <see cref="Depth"/> behind it.</summary>
    public int RootPosition { get; private set; }

    /// <summary>Rows of this proposal that the target need not begin, because a view of its first layers has drafted with them; null where there are none.</summary>
    public StartedRows? Started { get; private set; }

    /// <summary>Row of <see cref="Started"/> that is <paramref name="node"/>; −1 where the target has to run all layers. Rows before the root's are the committed tokens before it.</summary>
    public int StartedRow(int node) => _startedRow[node];

    /// <summary>Token of <paramref name="node"/>; −1 for a probe that reads an extra embedding.</summary>
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

    /// <summary>The extra embedding of the target that <paramref name="node"/> reads instead of a token; −1 where there is none. Only probes have one.</summary>
    public int Extra(int node) => _extra[node];

    /// <summary>Who added <paramref name="node"/>.</summary>
    public Drafter? AuthorOf(int node) => _author[node];

    /// <summary>What its author claimed of <paramref name="node"/>: the probability that it is accepted once its parent is; NaN for nothing.</summary>
    public float Claim(int node) => _claim[node];

    /// <summary>Whether its author has decided on <paramref name="node"/>.</summary>
    public bool IsDecided(int node) => _decided[node];

    /// <summary>Says that a candidate is no guess: its author has decided on it, by a law of the target that is as good as the one it will be judged by. Only a lossy rule takes it at its word.</summary>
    public void Decide(int node) => _decided[node] = true;

    /// <summary>How many candidates under the same parent come before <paramref name="node"/>.</summary>
    public int Rank(int node) => _rank[node];

    /// <summary>Probability that the path to <paramref name="node"/> is accepted, as the plan sees it; without a plan the product of the claims, 1 where there are none.</summary>
    public float Chance(int node) => _chance[node];

    /// <summary>Whether every node is a candidate that was not drawn from a law, so that all may be taken back.</summary>
    public bool IsFixed { get; private set; }

    /// <summary>Empties the tree for a new step: a root and room for <paramref name="budget"/> nodes behind it. Takes back all rented laws.</summary>
    /// <param name="rootToken">The last committed token.</param>
    /// <param name="rootPosition">Its position.</param>
    /// <param name="budget">Nodes behind the root at most.</param>
    /// <param name="plan">What they must be worth, if anything is known.</param>
    /// <param name="author">Who adds nodes.</param>
    public void Reset(int rootToken, int rootPosition, int budget, TreePlan? plan = null, Drafter? author = null)
    {
        (Count, Candidates, Deepest, _rented, _budget, RootPosition) = (0, 0, 0, 0, Math.Max(0, budget), rootPosition);
        (IsFixed, Forwards, RowsRead, Expected, Started) = (true, 0, 0, 0, null);
        (Plan, Author) = (author is null ? null : plan, author);
        Append(rootToken, -1, null, false, float.NaN);
    }

    /// <summary>Takes all nodes back except the root. Only fixed candidates may be taken back (methods.md P3), and only those of drafters that do not count rows of their own by them.</summary>
    public void Clear()
    {
        int root = _startedRow[0];
        (Count, Candidates, Deepest, Expected) = (0, 0, 0, 0);
        Append(_tokens[0], -1, null, false, float.NaN);
        _startedRow[0] = root;
    }

    /// <summary>Hands over rows that a view of the target has read over an overlay of the sequence's cache; they stay as they are until the target has gone on with them.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="root">Which of them is the root; those before it are the committed tokens that the cache lacks.</param>
    public void HandOver(StartedRows rows, int root) => (Started, _startedRow[0]) = (rows, root);

    /// <summary>Says which of the rows handed over <paramref name="node"/> is.</summary>
    public void HandOver(int node, int row) => _startedRow[node] = row;

    /// <summary>Notes a forward of a draft model for this tree; <paramref name="read"/> committed tokens of it were not the root.</summary>
    public void CountForward(int read = 0)
    {
        Forwards++;
        RowsRead += read;
    }

    /// <summary>Notes that a draft model read committed tokens for this tree, and nothing else.</summary>
    public void CountRead(int rows) => RowsRead += rows;

    /// <summary>Probability that a further child of <paramref name="parent"/> is accepted together with its path; asked before its token is drawn.</summary>
    public float ChanceOf(int parent, float claim = float.NaN, bool drawn = false) => _chance[parent] * Odds(claim, drawn, _depths[parent] + 1, _children[parent]);

    /// <summary>Probability that a candidate is accepted once its parent is; see <see cref="TreePlan.Chance"/>.</summary>
    public float Odds(float claim, bool drawn, int depth, int rank) => Plan?.Chance(Author!, claim, drawn, depth, rank) ?? (float.IsNaN(claim) ? 1 : claim);

    /// <summary>Whether a node with this probability of being accepted, its path included, is worth its row behind <paramref name="nodes"/> others. True without a plan.</summary>
    public bool WorthRow(float chance, int nodes) => Plan?.WorthRow(Author!, chance, nodes) ?? true;

    /// <summary>Whether one more forward of a draft model is worth its time; see <see cref="TreePlan.WorthLevel"/>. True without a plan.</summary>
    public bool WorthLevel(float chance, int depth, int nodes) => Plan?.WorthLevel(Author!, chance, depth, nodes) ?? true;

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
    /// <param name="claim">The author's guess how likely it is accepted once its parent is; of a drawn token the highest probability of its law.</param>
    /// <exception cref="InvalidOperationException">The budget is used up: ask <see cref="Room"/> first.</exception>
    public int Add(int parent, int token, Distribution? law = null, bool probe = false, float claim = float.NaN)
    {
        if (Room <= 0) throw new InvalidOperationException("the node budget is used up; a drafter asks Room before it adds");
        if ((uint)parent >= (uint)Count) throw new ArgumentOutOfRangeException(nameof(parent));
        if (_probe[parent] && !probe) throw new ArgumentException("a candidate cannot extend a probe", nameof(probe));
        return Append(token, parent, law, probe, claim);
    }

    /// <summary>Adds a probe that reads extra embedding <paramref name="extra"/> of the target: a look-ahead or mask token. Returns its node.</summary>
    /// <exception cref="InvalidOperationException">The budget is used up: ask <see cref="Room"/> first.</exception>
    public int AddProbe(int parent, int extra)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(extra);
        int node = Add(parent, -1, probe: true);
        _extra[node] = extra;
        return node;
    }

    /// <summary>Adds what stands at a node of another tree; returns its node.</summary>
    /// <param name="parent">The node it extends here.</param>
    /// <param name="other">The other tree.</param>
    /// <param name="node">Its node.</param>
    /// <param name="law">How its token was drawn, an object that lives as long as this tree.</param>
    public int AddFrom(int parent, TokenTree other, int node, Distribution? law)
    {
        int added = Add(parent, other.Token(node), law, other.IsProbe(node), other.Claim(node));
        (_extra[added], _decided[added]) = (other.Extra(node), other.IsDecided(node));
        return added;
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

    private int Append(int token, int parent, Distribution? law, bool probe, float claim)
    {
        if (Count == _tokens.Length) Grow();
        int node = Count++;
        (_tokens[node], _parents[node], _law[node], _probe[node]) = (token, parent, law, probe);
        (_firstChild[node], _lastChild[node], _nextSibling[node], _decided[node]) = (-1, -1, -1, false);
        (_claim[node], _author[node], _rank[node], _children[node], _chance[node], _startedRow[node], _extra[node]) = (claim, Author, 0, 0, parent < 0 ? 1 : 0, -1, -1);
        IsFixed &= law is null && !probe;
        _depths[node] = parent < 0 ? 0 : _depths[parent] + 1;
        if (parent >= 0)
        {
            if (_firstChild[parent] < 0) _firstChild[parent] = node;
            else _nextSibling[_lastChild[parent]] = node;
            _lastChild[parent] = node;
            if (!probe) Judge(node, parent, law is not null);
        }
        return node;
    }

    private void Judge(int node, int parent, bool drawn)
    {
        Candidates++;
        Deepest = Math.Max(Deepest, _depths[node]);
        _chance[node] = ChanceOf(parent, _claim[node], drawn);
        Expected += _chance[node];
        _rank[node] = _children[parent]++;
    }

    private void Grow()
    {
        int size = 2 * Count;
        Array.Resize(ref _rank, size);
        Array.Resize(ref _startedRow, size);
        Array.Resize(ref _extra, size);
        Array.Resize(ref _children, size);
        Array.Resize(ref _claim, size);
        Array.Resize(ref _chance, size);
        Array.Resize(ref _author, size);
        Array.Resize(ref _tokens, size);
        Array.Resize(ref _parents, size);
        Array.Resize(ref _depths, size);
        Array.Resize(ref _firstChild, size);
        Array.Resize(ref _lastChild, size);
        Array.Resize(ref _nextSibling, size);
        Array.Resize(ref _law, size);
        Array.Resize(ref _probe, size);
        Array.Resize(ref _decided, size);
    }
}
