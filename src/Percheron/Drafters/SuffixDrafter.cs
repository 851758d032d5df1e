using Percheron.Decoding;

namespace Percheron.Drafters;

/// <summary>
/// Finds the longest suffix of the text that has occurred before, in a suffix automaton of prompt and output that grows with every token, and proposes what most often
/// followed it (the latest among equals), as far as that is likely enough to be worth a row.
/// </summary>
/// <remarks>
/// How likely: a continuation seen k times among S, of D kinds, after a match of m tokens counts k / (S + 2D / m), along the path as a product. A draft that reaches the
/// end of the text goes on through itself, so short periods are continued.
/// </remarks>
[Method(Source = "SAM decoding, arXiv 2411.10666 §3; SuffixDecoding, arXiv 2411.04975 §3; the estimate is PPM's method C, Moffat 1990",
    Examples = ["suffix", "suffix(min=2, length=8, width=1, threshold=0.4)"])]
public sealed class SuffixDrafter : Drafter
{
    // Edges of one state looked at, newest first: a frequent token may have been followed by thousands of others.
    private const int MostEdges = 64;

    // Occurrences worth of doubt for each kind of continuation after a match of one token; measured on prose, code and reference documentation.
    private const float Doubt = 2;

    private const float FreeThreshold = 0.6f;

    private sealed class State
    {
        public SuffixAutomaton Automaton { get; } = new();

        public int Revision;
    }

    private readonly PerSequence<State> _states = new(_ => new State());
    private readonly int _min, _length, _width;
    private readonly float _threshold, _least;
    // For each node of the draft: its place in the automaton, the length of the match there, its parent and token, the probability of its path (negative once extended), its own.
    private int[] _place = new int[16], _match = new int[16], _parent = new int[16], _token = new int[16];
    private float[] _chance = new float[16], _claim = new float[16];
    private int _count;

    /// <param name="min">Shortest match that is continued, in tokens.</param>
    /// <param name="length">Tokens drafted at most along one path.</param>
    /// <param name="width">Continuations of one node at most.</param>
    /// <param name="threshold">Least estimated probability of a node, 0 to 1: a row should cost no more, as a part of a plain step. −1 leaves it to the plan of the budget and is 0.6 without one.</param>
    /// <param name="least">Least expected number of accepted tokens for which anything is proposed at all; raise it where another drafter stands by.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public SuffixDrafter(int min = 1, int length = 16, int width = 2, double threshold = -1, double least = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(min, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        if (!(threshold is -1 or (>= 0 and <= 1))) throw new ArgumentOutOfRangeException(nameof(threshold), "threshold is a probability, 0 (go on as long as anything is known) to 1, or -1 for what the budget says");
        if (!(least >= 0)) throw new ArgumentOutOfRangeException(nameof(least), "least is a number of tokens: 0 or more");
        (_min, _length, _width, _threshold, _least) = (min, length, width, (float)threshold, (float)least);
    }

    /// <inheritdoc/>
    public override void Release(Sequence sequence) => _states.Release(sequence);

    /// <inheritdoc/>
    protected override void Draft(Sequence sequence, TokenTree tree)
    {
        State state = _states[sequence];
        SuffixAutomaton automaton = state.Automaton;
        if (sequence.Unchanged(state.Revision) < automaton.Length) automaton.Clear();
        state.Revision = sequence.Revision;
        while (automaton.Length < sequence.Settled) automaton.Append(sequence.Tokens[automaton.Length]);

        Reserve(tree.Room + 1);
        _count = 1;
        (_place[0], _match[0], _chance[0], _parent[0]) = (automaton.Whole, automaton.Length, 1, -1);
        // Tokens that may still be taken back are read, but not learned.
        foreach (int token in sequence.Tokens[automaton.Length..]) automaton.Read(ref _place[0], ref _match[0], token);
        Grow(automaton, tree);
        Propose(tree);
    }

    private void Shorten(SuffixAutomaton automaton, int node)
    {
        _place[node] = automaton.Link(_place[node]);
        _match[node] = automaton.LengthOf(_place[node]);
    }

    // Extends the most probable node until nothing probable enough is left.
    private void Grow(SuffixAutomaton automaton, TokenTree tree)
    {
        while (_count <= tree.Room)
        {
            int best = 0;
            for (int node = 1; node < _count; node++)
                if (_chance[node] > _chance[best]) best = node;
            if (_chance[best] <= 0) return;
            // Behind the end of the text nothing is known; what followed the longest suffix that also occurs earlier is.
            while (_place[best] > 0 && automaton.FirstEdge(_place[best]) < 0) Shorten(automaton, best);
            float chance = _chance[best];
            _chance[best] = -chance;
            if (_match[best] >= _min && Depth(best) < _length) Extend(automaton, best, chance, tree);
        }
    }

    private void Extend(SuffixAutomaton automaton, int node, float chance, TokenTree tree)
    {
        float threshold = _threshold >= 0 ? _threshold : tree.Plan is null ? FreeThreshold : 0;
        int depth = Depth(node) + 1, first = automaton.FirstEdge(_place[node]), seen = 0, kinds = 0;
        for (int edge = first; edge >= 0 && kinds < MostEdges; edge = automaton.NextEdge(edge), kinds++) seen += automaton.Occurrences(automaton.Follow(edge).To);
        float unit = 1 / (seen + (kinds * Doubt / _match[node]));
        // No two continuations ended last at the same place, so (count, last end) puts them in a strict order.
        (int Count, int LastEnd) limit = (int.MaxValue, 0);
        for (int child = 0; child < _width && _count <= tree.Room; child++)
        {
            (int Count, int LastEnd) best = (0, -1);
            for (int edge = first, i = 0; i < kinds; edge = automaton.NextEdge(edge), i++)
            {
                (int token, int to) = automaton.Follow(edge);
                (int, int) rank = (automaton.Occurrences(to), automaton.LastEnd(to));
                if (rank.CompareTo(best) <= 0 || rank.CompareTo(limit) >= 0) continue;
                best = rank;
                (_place[_count], _token[_count]) = (to, token);
            }
            float claim = unit * best.Count, path = chance * tree.Odds(claim, drawn: false, depth, child);
            if (best.Count == 0 || path < threshold || !tree.WorthRow(path, _count - 1)) return;
            (_match[_count], _chance[_count], _claim[_count], _parent[_count]) = (_match[node] + 1, path, claim, node);
            _count++;
            limit = best;
        }
    }

    private void Propose(TokenTree tree)
    {
        float expected = 0;
        for (int node = 1; node < _count; node++) expected += Math.Abs(_chance[node]);
        if (expected < _least) return;
        int first = tree.Count;
        for (int node = 1; node < _count; node++) tree.Add(_parent[node] == 0 ? 0 : first + _parent[node] - 1, _token[node], claim: _claim[node]);
    }

    private int Depth(int node)
    {
        int depth = 0;
        for (; node > 0; node = _parent[node]) depth++;
        return depth;
    }

    private void Reserve(int nodes)
    {
        if (_place.Length >= nodes) return;
        (_place, _match, _parent, _token, _chance, _claim) = (new int[nodes], new int[nodes], new int[nodes], new int[nodes], new float[nodes], new float[nodes]);
    }
}
