using Percheron.Decoding;

namespace Percheron.Drafters;

/// <summary>
/// Suffix decoding: looks for the end of the text in two trees of everything said so far, one of this request and one of the outputs of all, and takes from the match of any
/// length, in either, the continuation tree that is expected to win most tokens.
/// </summary>
/// <remarks>
/// The probability of a node is its share of its siblings' occurrences times its parent's; a draft may be as long as its match, times a factor. The trees are suffix automata
/// of bounded memory: of the request and of all outputs at most <c>memory</c> tokens are remembered, the oldest half forgotten at once.
/// </remarks>
[Method(Source = "SuffixDecoding, arXiv 2411.04975 §3", Examples = ["suffix-tree", "suffix-tree(length=4, threshold=0.3, memory=64)"])]
public sealed class SuffixTreeDrafter : Drafter
{
    // Edges of one state looked at, newest first; and matches tried in one automaton, longest first.
    private const int MostEdges = 64, MostMatches = 16;

    // Of a prompt, its last tokens stand before an output among all outputs: what follows a turn's header is known, too.
    private const int Lead = 8;

    private sealed class State(int memory)
    {
        public SuffixMemory Text { get; } = new(memory);

        public SuffixMemory.Mark Mark;

        public int Learned, Revision;
    }

    // Outlives preemption, so that no output is learned twice.
    private sealed class Told(int from)
    {
        public SuffixMemory.Mark Mark;

        public int Learned = from, Revision;
    }

    private readonly PerSequence<State> _states;
    private readonly PerSequence<Told> _told = new(static sequence => new Told(Math.Max(0, sequence.PromptLength - Lead)));
    private readonly SuffixMemory _outputs;
    private readonly int _length;
    private readonly float _factor, _threshold, _least;
    private Expansion _best = new(), _tried = new();

    /// <param name="length">Tokens drafted at most.</param>
    /// <param name="factor">Tokens drafted for each token of the match.</param>
    /// <param name="threshold">Least probability of a node, 0 to 1; −1 leaves it to the plan of the budget and is 0.1 without one.</param>
    /// <param name="least">Least expected number of accepted tokens for which anything is proposed; raise it where another drafter stands by.</param>
    /// <param name="memory">Tokens remembered at most, of one request and of all outputs; some 120 bytes each.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public SuffixTreeDrafter(int length = 24, double factor = 1, double threshold = -1, double least = 0, int memory = 1 << 19)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, 1024);
        ArgumentOutOfRangeException.ThrowIfLessThan(memory, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(memory, 1 << 28);
        if (!(factor is > 0 and <= 1024)) throw new ArgumentOutOfRangeException(nameof(factor), "factor is how many tokens are drafted for each token that matched: above 0, at most 1024");
        if (!(threshold is -1 or (>= 0 and <= 1))) throw new ArgumentOutOfRangeException(nameof(threshold), "threshold is a probability, 0 to 1, or -1 for what the budget says");
        if (!(least >= 0)) throw new ArgumentOutOfRangeException(nameof(least), "least is a number of tokens: 0 or more");
        (_length, _factor, _threshold, _least) = (length, (float)factor, (float)threshold, (float)least);
        _outputs = new SuffixMemory(memory);
        _states = new PerSequence<State>(_ => new State(memory));
    }

    /// <summary>Memory that all outputs take, in bytes.</summary>
    internal long OutputBytes => _outputs.Bytes;

    /// <inheritdoc/>
    public override void Release(Sequence sequence) => _states.Release(sequence);

    /// <inheritdoc/>
    protected override void Draft(Sequence sequence, TokenTree tree)
    {
        State state = _states[sequence];
        Told told = _told[sequence];
        Learn(state, sequence);
        Tell(told, sequence);
        _best.Begin(tree, 0);
        ReadOnlySpan<int> open = sequence.Tokens[state.Learned..];
        Try(state.Text.Young, state.Text.InYoung(ref state.Mark), open, tree);
        Try(state.Text.Old, state.Text.InOld(ref state.Mark), open, tree);
        open = sequence.Tokens[told.Learned..];
        Try(_outputs.Young, _outputs.InYoung(ref told.Mark), open, tree);
        Try(_outputs.Old, _outputs.InOld(ref told.Mark), open, tree);
        if (_best.Expected > 0 && _best.Expected >= _least) _best.Propose(tree);
    }

    private static void Learn(State state, Sequence sequence)
    {
        if (sequence.Unchanged(state.Revision) < state.Learned)
        {
            state.Text.Clear();
            (state.Learned, state.Mark) = (0, default);
        }
        state.Revision = sequence.Revision;
        for (; state.Learned < sequence.Settled; state.Learned++) state.Text.Learn(ref state.Mark, sequence.Tokens[state.Learned]);
    }

    private void Tell(Told told, Sequence sequence)
    {
        // What was said and taken back stays known; the text goes on from where it parted, as a new one.
        if (sequence.Unchanged(told.Revision) is var unchanged && unchanged < told.Learned) (told.Learned, told.Mark) = (unchanged, default);
        told.Revision = sequence.Revision;
        for (; told.Learned < sequence.Settled; told.Learned++) _outputs.Learn(ref told.Mark, sequence.Tokens[told.Learned]);
    }

    // Every suffix that goes on differently is a state on the way along the links.
    private void Try(SuffixAutomaton automaton, (int Place, int Match) end, ReadOnlySpan<int> open, TokenTree tree)
    {
        (int place, int match) = end;
        // Tokens that may still be taken back are read, but not learned.
        foreach (int token in open) automaton.Read(ref place, ref match, token);
        for (int i = 0; i < MostMatches && place > 0;)
        {
            int most = (int)Math.Min(Math.Min(_length, tree.Room), _factor * match);
            // No draft wins more than its tokens, and shorter matches draft fewer.
            if (most <= _best.Expected) return;
            if (automaton.FirstEdge(place) >= 0)
            {
                _tried.Begin(tree, most);
                _tried.Grow(automaton, place, _threshold >= 0 ? _threshold : tree.Plan is null ? 0.1f : 0);
                if (_tried.Expected > _best.Expected) (_best, _tried) = (_tried, _best);
                i++;
            }
            match = automaton.LengthOf(place = automaton.Link(place));
        }
    }

    /// <summary>A tree that grows best first from one place of an automaton.</summary>
    private sealed class Expansion
    {
        private int[] _place = new int[16], _parent = new int[16], _token = new int[16], _depth = new int[16];
        private float[] _chance = new float[16], _claim = new float[16];
        private int _count, _most;
        private TokenTree _tree = null!;

        /// <summary>Expected number of accepted tokens.</summary>
        public float Expected { get; private set; }

        public void Begin(TokenTree tree, int most)
        {
            (_tree, _most, _count, Expected) = (tree, most, 1, 0);
            if (_place.Length > most) return;
            int size = 2 * (most + 1);
            (_place, _parent, _token, _depth, _chance, _claim) = (new int[size], new int[size], new int[size], new int[size], new float[size], new float[size]);
        }

        public void Grow(SuffixAutomaton automaton, int place, float threshold)
        {
            (_place[0], _depth[0], _chance[0]) = (place, 0, 1);
            while (_count <= _most)
            {
                int best = 0;
                for (int node = 1; node < _count; node++)
                    if (_chance[node] > _chance[best]) best = node;
                if (_chance[best] <= 0) return;
                // Behind the end of a text nothing is known; what followed the longest suffix that also occurs elsewhere is.
                while (_place[best] > 0 && automaton.FirstEdge(_place[best]) < 0) _place[best] = automaton.Link(_place[best]);
                float chance = _chance[best];
                _chance[best] = -chance;
                if (_place[best] > 0) Extend(automaton, best, chance, threshold);
            }
        }

        public void Propose(TokenTree tree)
        {
            int first = tree.Count;
            for (int node = 1; node < _count; node++) tree.Add(_parent[node] == 0 ? 0 : first + _parent[node] - 1, _token[node], claim: _claim[node]);
        }

        private void Extend(SuffixAutomaton automaton, int node, float chance, float threshold)
        {
            int first = automaton.FirstEdge(_place[node]), seen = 0, kinds = 0;
            for (int edge = first; edge >= 0 && kinds < MostEdges; edge = automaton.NextEdge(edge), kinds++) seen += automaton.Occurrences(automaton.Follow(edge).To);
            // No two continuations ended last at the same place, so (count, last end) puts them in a strict order.
            (int Count, int LastEnd) limit = (int.MaxValue, 0);
            for (int child = 0; _count <= _most; child++)
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
                float claim = (float)best.Count / seen, path = chance * _tree.Odds(claim, drawn: false, _depth[node] + 1, child);
                if (best.Count == 0 || path < threshold || !_tree.WorthRow(path, _count - 1)) return;
                (_depth[_count], _chance[_count], _claim[_count], _parent[_count]) = (_depth[node] + 1, path, claim, node);
                _count++;
                Expected += path;
                limit = best;
            }
        }
    }
}
