using Percheron.Decoding;
using Percheron.Models;

namespace Percheron.Drafters;

/// <summary>
/// The N-Grammys: several cheap guesses at once. First what followed the last tokens of the text earlier on, the most frequent first; then the target's own bigrams, what it says
/// behind the last token without any context, each continued by bigrams.
/// </summary>
/// <remarks>
/// The target is asked for bigrams of the tokens that come up, sixteen in one forward, and once each. Beside the target, where it cannot be asked, only those known by then are
/// used.
/// </remarks>
[Method(Source = "The N-Grammys, arXiv 2411.03786 §3–4", Examples = ["n-grammys", "n-grammys(guesses=3, length=3, max=2)"])]
public sealed class NGrammysDrafter : Drafter
{
    // Earlier places looked at for one n-gram, the newest first: what is long past does not outvote them.
    private const int MostPlaces = 16;

    private sealed class State(int max)
    {
        // Longest n-grams first; for each place where one ends, the place where it ended before.
        public NgramIndex[] Indexes { get; } = [.. Enumerable.Range(1, max).Reverse().Select(n => new NgramIndex(n))];

        public int[][] Before { get; } = [.. Enumerable.Range(0, max).Select(_ => new int[64])];

        public int Added, Revision;
    }

    private readonly PerSequence<State> _states;
    private readonly Continuations _found = new();
    private readonly BigramTable _bigrams;
    private readonly int _guesses, _length;

    /// <param name="target">The target itself; the caller keeps owning it.</param>
    /// <param name="guesses">Continuations proposed at most, those of the text and bigrams together; 1 to 64.</param>
    /// <param name="length">Tokens of a continuation.</param>
    /// <param name="max">Longest n-gram of the text that is looked up, in tokens.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public NGrammysDrafter(ILayeredModel target, int guesses = 5, int length = 5, int max = 3)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(guesses, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(guesses, 64);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, 1024);
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(max, 64);
        (_guesses, _length) = (guesses, length);
        // A view has buffers of its own: the target's rows are not disturbed.
        _bigrams = new BigramTable(target.View([.. Enumerable.Range(0, target.LayerCount)]), guesses);
        _states = new PerSequence<State>(_ => new State(max));
    }

    /// <inheritdoc/>
    public override void Release(Sequence sequence) => _states.Release(sequence);

    /// <inheritdoc/>
    protected override void Draft(Sequence sequence, TokenTree tree)
    {
        State state = _states[sequence];
        Update(state, sequence);
        int left = _guesses - Copy(state, sequence.Tokens, tree);
        int last = tree.Token(0);
        if ((uint)last >= (uint)_bigrams.Vocab) return;
        _bigrams.Want(last);
        if (sequence.Cache is not null) _bigrams.Learn();
        for (int rank = 0; left > 0 && rank < _guesses; rank++)
            if (Follow(last, rank, tree)) left--;
    }

    // Returns how many different continuations there are.
    private int Copy(State state, ReadOnlySpan<int> text, TokenTree tree)
    {
        int at = 0;
        while (at < state.Indexes.Length && state.Indexes[at].Last(text) < 0) at++;
        if (at == state.Indexes.Length) return 0;
        _found.Clear();
        int place = state.Indexes[at].Last(text);
        for (int i = 0; i < MostPlaces && place >= 0; i++, place = state.Before[at][place] - 1)
        {
            _found.Begin();
            // A copy that reaches the end of the text goes on through itself.
            for (int k = 0, node = 0, period = text.Length - 1 - place; k < _length; k++) node = _found.Extend(node, text[place + 1 + (k % period)]);
        }
        _found.Propose(tree, _guesses * _length, 0, 0);
        int kinds = 0;
        for (int child = tree.FirstCandidate(0); child >= 0; child = tree.NextCandidate(child)) kinds++;
        return kinds;
    }

    // The bigram of this rank, then the best ones; true where it begins with a token that was not proposed yet.
    private bool Follow(int last, int rank, TokenTree tree)
    {
        int token = _bigrams.Successor(last, rank), at = 0;
        if (token < 0 || tree.FindCandidate(0, token) >= 0) return false;
        for (int k = 0; k < _length && token >= 0 && tree.Room > 0 && tree.WorthRow(tree.ChanceOf(at), tree.Count - 1); k++)
        {
            at = tree.Add(at, token);
            token = _bigrams.Successor(token, 0);
        }
        return true;
    }

    private static void Update(State state, Sequence sequence)
    {
        if (sequence.Unchanged(state.Revision) < state.Added || state.Added >= sequence.Count)
        {
            foreach (NgramIndex index in state.Indexes) index.Clear();
            state.Added = 0;
        }
        state.Revision = sequence.Revision;
        // Only what has a successor by now, so that a text never finds its own end.
        int end = Math.Min(sequence.Settled, sequence.Count - 1);
        for (; state.Added < end; state.Added++)
            for (int i = 0; i < state.Indexes.Length; i++)
            {
                if (state.Before[i].Length <= state.Added) Array.Resize(ref state.Before[i], 2 * state.Before[i].Length);
                state.Before[i][state.Added] = state.Indexes[i].Last(sequence.Tokens[..(state.Added + 1)]) + 1;
                state.Indexes[i].Add(sequence.Tokens, state.Added);
            }
    }
}
