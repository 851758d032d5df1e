using Percheron.Decoding;

namespace Percheron.Drafters;

/// <summary>
/// Adaptive n-gram decoding: tables of what followed each n-gram of prompt and output, brought up to date with every token. A draft looks up each of its tokens anew, from the
/// longest n-gram down, its own tokens included, so that it can leave the passage it began in.
/// </summary>
[Method(Source = "ANPD, arXiv 2404.08698 §3", Examples = ["anpd", "anpd(max=3, min=2, length=4)"])]
public sealed class AnpdDrafter : Drafter
{
    private sealed class State(int max, int min)
    {
        // Longest n-grams first.
        public NgramCounts[] Tables { get; } = [.. Enumerable.Range(min, max - min + 1).Reverse().Select(_ => new NgramCounts())];

        public int Added, Revision;
    }

    private readonly PerSequence<State> _states;
    private readonly int _max, _length;
    // The last tokens of the text and, behind them, the draft.
    private readonly int[] _window;

    /// <param name="max">Longest n-gram that is looked up, in tokens.</param>
    /// <param name="min">Shortest.</param>
    /// <param name="length">Tokens drafted.</param>
    /// <exception cref="ArgumentOutOfRangeException">Not 1 ≤ min ≤ max ≤ 64, or a length outside 1 to 1024.</exception>
    public AnpdDrafter(int max = 5, int min = 1, int length = 6)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(min, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(max, min);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(max, 64);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, 1024);
        (_max, _length) = (max, length);
        _window = new int[max + length];
        _states = new PerSequence<State>(_ => new State(max, min));
    }

    /// <inheritdoc/>
    public override void Release(Sequence sequence) => _states.Release(sequence);

    /// <inheritdoc/>
    protected override void Draft(Sequence sequence, TokenTree tree)
    {
        State state = _states[sequence];
        Update(state, sequence);
        ReadOnlySpan<int> recent = sequence.Tokens[^Math.Min(_max, sequence.Count)..];
        recent.CopyTo(_window);
        for (int i = 0, at = 0, end = recent.Length; i < _length && tree.Room > 0; i++, end++)
        {
            int token = Lookup(state, _window.AsSpan(0, end));
            if (token < 0) return;
            _window[end] = token;
            at = tree.Add(at, token);
        }
    }

    private int Lookup(State state, ReadOnlySpan<int> text)
    {
        for (int i = 0; i < state.Tables.Length; i++)
            if (text.Length >= _max - i && state.Tables[i].Most(text[^(_max - i)..], out _) is >= 0 and var token) return token;
        return -1;
    }

    private void Update(State state, Sequence sequence)
    {
        if (sequence.Unchanged(state.Revision) < state.Added)
        {
            foreach (NgramCounts table in state.Tables) table.Clear();
            state.Added = 0;
        }
        state.Revision = sequence.Revision;
        ReadOnlySpan<int> text = sequence.Tokens[..sequence.Settled];
        for (; state.Added < text.Length; state.Added++)
            for (int i = 0; i < state.Tables.Length; i++)
                if (state.Added >= _max - i) state.Tables[i].Add(text.Slice(state.Added - _max + i, _max - i), text[state.Added]);
    }
}
