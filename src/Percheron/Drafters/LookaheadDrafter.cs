using Percheron.Decoding;

namespace Percheron.Drafters;

/// <summary>
/// Lookahead decoding: a window of guesses, <c>window</c> wide and <c>ngram − 1</c> levels deep, is refined by one Jacobi step in every forward; what runs down its columns are n-grams the
/// target itself has written, kept by their first token and proposed when that token comes up.
/// </summary>
/// <remarks>
/// The window's rows are probes: the first level is a chain behind the root, and each column continues downwards from its first token, which is the paper's mask. It pays where
/// rows are nearly free.
/// </remarks>
[Method(Source = "Lookahead decoding, arXiv 2402.02057 §3", Examples = ["lookahead", "lookahead(window=3, ngram=3, guesses=2)"])]
public sealed class LookaheadDrafter : Drafter
{
    private sealed class State(int window, int ngram, int guesses)
    {
        public NgramPool Pool { get; } = new(ngram - 1, guesses);

        // Level r, column i at r · window + i; the guess for the place i + r + 1 behind the root.
        public int[] Window { get; } = new int[window * (ngram - 1)];

        // Node of each probe of the current step; −1 where the budget left no room.
        public int[] Nodes { get; } = new int[window * (ngram - 1)];

        public int Columns, Learned, Revision;

        public bool Filled;
    }

    private readonly PerSequence<State> _states;
    private readonly int _window, _levels;
    private readonly bool _text;

    /// <param name="window">Columns of the window.</param>
    /// <param name="ngram">Length of the n-grams, the token they are found by included; 2 to 16.</param>
    /// <param name="guesses">N-grams kept and proposed for one token, the latest first.</param>
    /// <param name="text">Whether n-grams of prompt and output are kept, too.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public LookaheadDrafter(int window = 5, int ngram = 4, int guesses = 5, bool text = true)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(window, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(window, 256);
        ArgumentOutOfRangeException.ThrowIfLessThan(ngram, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ngram, 16);
        ArgumentOutOfRangeException.ThrowIfLessThan(guesses, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(guesses, 64);
        (_window, _levels, _text) = (window, ngram - 1, text);
        _states = new PerSequence<State>(_ => new State(window, ngram, guesses));
    }

    /// <inheritdoc/>
    public override void Release(Sequence sequence) => _states.Release(sequence);

    /// <inheritdoc/>
    public override void Observe(in Step step)
    {
        if (!step.HasLogits || !_states.TryGet(step.Sequence, out State? state) || state.Columns == 0) return;
        Span<int> gram = stackalloc int[_levels];
        Span<int> window = state.Window;
        for (int i = 0; i < state.Columns; i++)
        {
            // Down the column, then the new answer: an n-gram found by its first token.
            for (int r = 1; r < _levels; r++) gram[r - 1] = window[(r * _window) + i];
            int answer = Sampler.ArgMax(step.Logits(state.Nodes[((_levels - 1) * _window) + i]));
            gram[_levels - 1] = answer;
            state.Pool.Add(window[i], gram);
            for (int r = 0; r + 1 < _levels; r++) window[(r * _window) + i] = window[((r + 1) * _window) + i];
            window[((_levels - 1) * _window) + i] = answer;
        }
        state.Columns = 0;
    }

    /// <inheritdoc/>
    protected override void Draft(Sequence sequence, TokenTree tree)
    {
        State state = _states[sequence];
        if (_text) Learn(state, sequence);
        if (!state.Filled) Fill(state, sequence);
        // Candidates come first; the window takes what is left, in whole columns.
        int columns = Math.Min(_window, tree.Room / _levels / 2);
        Guess(state, tree, tree.Room - (columns * _levels));
        columns = Math.Min(_window, tree.Room / _levels);
        for (int i = 0, at = 0; i < columns; i++) at = state.Nodes[i] = tree.Add(at, state.Window[i], probe: true);
        for (int r = 1; r < _levels; r++)
            for (int i = 0; i < columns; i++)
                state.Nodes[(r * _window) + i] = tree.Add(state.Nodes[((r - 1) * _window) + i], state.Window[(r * _window) + i], probe: true);
        state.Columns = columns;
    }

    private static void Guess(State state, TokenTree tree, int room)
    {
        int last = tree.Token(0);
        for (int g = 0; g < state.Pool.Count(last); g++)
        {
            int at = 0;
            foreach (int token in state.Pool.Gram(last, g))
            {
                int child = tree.FindCandidate(at, token);
                if (child < 0 && room-- <= 0) return;
                at = child >= 0 ? child : tree.Add(at, token);
            }
        }
    }

    private void Learn(State state, Sequence sequence)
    {
        if (sequence.Unchanged(state.Revision) < state.Learned) state.Learned = 0;
        state.Revision = sequence.Revision;
        ReadOnlySpan<int> text = sequence.Tokens[..sequence.Settled];
        for (; state.Learned + _levels < text.Length; state.Learned++) state.Pool.Add(text[state.Learned], text.Slice(state.Learned + 1, _levels));
    }

    // Any token will do to begin with; those of the text are likelier than others.
    private static void Fill(State state, Sequence sequence)
    {
        for (int i = 0; i < state.Window.Length; i++) state.Window[i] = sequence.Tokens[(int)((uint)i * 0x9E3779B1u % (uint)sequence.Count)];
        state.Filled = true;
    }
}
