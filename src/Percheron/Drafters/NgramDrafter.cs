using Percheron.Decoding;

namespace Percheron.Drafters;

/// <summary>
/// Prompt lookup: finds the latest earlier occurrence of the longest possible suffix, of <c>max</c> down to <c>min</c> tokens, and copies what followed it. A copy that
/// reaches the end of the text goes on through itself, so a period shorter than the draft is continued.
/// </summary>
/// <remarks>Every n-gram is indexed once, when its successor is known: a step costs as much as the tokens it committed, however long the text is.</remarks>
[Method(Source = "Prompt lookup decoding, Saxena 2023; LLMA, arXiv 2304.04487; ANPD, arXiv 2404.08698", Examples = ["ngram", "ngram(max=3, min=2, length=6)"])]
public sealed class NgramDrafter : Drafter
{
    private sealed class State(int min, int max)
    {
        public NgramIndex[] Indexes { get; } = [.. Enumerable.Range(min, max - min + 1).Reverse().Select(n => new NgramIndex(n))];

        public int Added, Revision;
    }

    private readonly PerSequence<State> _states;
    private readonly int _length, _max;

    /// <param name="max">Longest suffix looked up, in tokens.</param>
    /// <param name="min">Shortest suffix looked up, in tokens.</param>
    /// <param name="length">Tokens drafted after a match of <c>max</c>; a shorter match drafts as much less, because it is as much less certain.</param>
    /// <exception cref="ArgumentOutOfRangeException">Not 1 ≤ min ≤ max ≤ 64, or a length outside 1 to 4096.</exception>
    public NgramDrafter(int max = 4, int min = 1, int length = 8)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(min, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(max, min);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(max, 64);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, 4096);
        (_length, _max) = (length, max);
        _states = new PerSequence<State>(_ => new State(min, max));
    }

    /// <inheritdoc/>
    public override void Release(Sequence sequence) => _states.Release(sequence);

    /// <inheritdoc/>
    protected override void Draft(Sequence sequence, TokenTree tree)
    {
        State state = _states[sequence];
        Update(state, sequence);
        ReadOnlySpan<int> text = sequence.Tokens;
        int last = -1, n = 0;
        for (int i = 0; i < state.Indexes.Length && last < 0; i++) (last, n) = (state.Indexes[i].Last(text), state.Indexes[i].N);
        if (last < 0) return;
        int count = Math.Min(((_length * n) + _max - 1) / _max, tree.Room), period = text.Length - 1 - last;
        for (int i = 0, at = 0; i < count && tree.WorthRow(tree.ChanceOf(at), tree.Count - 1); i++) at = tree.Add(at, text[last + 1 + (i % period)]);
    }

    // Adds the n-grams that have a successor by now: all that end before the last token.
    private static void Update(State state, Sequence sequence)
    {
        // A text that falls back to an added position would find its own end there.
        if (sequence.Unchanged(state.Revision) < state.Added || state.Added >= sequence.Count)
        {
            foreach (NgramIndex index in state.Indexes) index.Clear();
            state.Added = 0;
        }
        state.Revision = sequence.Revision;
        int end = Math.Min(sequence.Settled, sequence.Count - 1);
        for (; state.Added < end; state.Added++)
            foreach (NgramIndex index in state.Indexes) index.Add(sequence.Tokens, state.Added);
    }
}
