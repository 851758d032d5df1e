using Percheron.Decoding;
using Percheron.Formats;

namespace Percheron.Drafters;

/// <summary>
/// Predicted outputs: the caller knows most of the answer, such as a file of which one line is to change. Copies it from where the answer stands, and where the two part
/// looks for the nearest later place at which they meet again.
/// </summary>
[Method(Source = "Predicted outputs, OpenAI 2024; input-guided drafting, arXiv 2304.04487 §3", Examples = ["predicted", "predicted(length=4, match=1)"])]
public sealed class PredictedDrafter : Drafter
{
    private sealed class State
    {
        // The place in the prediction that comes next, and how many tokens of the sequence are accounted for.
        public long Next;

        public int Seen, Revision;

        public bool Lost;
    }

    private readonly PerSequence<State> _states = new(_ => new State());
    private readonly CorpusIndex _prediction;
    private readonly long[] _positions = new long[64];
    private readonly int _length, _match;

    /// <param name="prediction">The expected answer: a text file.</param>
    /// <param name="length">Tokens copied in one step.</param>
    /// <param name="match">Tokens that must agree before the prediction is taken up again.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public PredictedDrafter(CorpusIndex prediction, int length = 16, int match = 3)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, 1024);
        ArgumentOutOfRangeException.ThrowIfLessThan(match, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(match, 16);
        (_prediction, _length, _match) = (prediction, length, match);
    }

    /// <inheritdoc/>
    public override void Release(Sequence sequence) => _states.Release(sequence);

    /// <inheritdoc/>
    protected override void Draft(Sequence sequence, TokenTree tree)
    {
        State state = _states[sequence];
        Advance(state, sequence);
        if (state.Lost) return;
        for (int k = 0, at = 0; k < _length && tree.Room > 0; k++)
        {
            int token = _prediction.Token(state.Next + k);
            if (token == _prediction.Vocab || (sequence.Vocab > 0 && token >= sequence.Vocab)) return;
            at = tree.Add(at, token);
        }
    }

    // Walks along with what was committed since the last step.
    private void Advance(State state, Sequence sequence)
    {
        if (state.Seen < sequence.PromptLength || sequence.Unchanged(state.Revision) < state.Seen) (state.Seen, state.Next, state.Lost) = (sequence.PromptLength, 0, false);
        state.Revision = sequence.Revision;
        for (; state.Seen < sequence.Count; state.Seen++)
        {
            state.Lost |= _prediction.Token(state.Next) != sequence.Tokens[state.Seen];
            if (!state.Lost) state.Next++;
        }
        if (state.Lost) Resume(state, sequence);
    }

    private void Resume(State state, Sequence sequence)
    {
        ReadOnlySpan<int> output = sequence.Tokens[sequence.PromptLength..];
        int count = _prediction.Find(output[^Math.Min(16, output.Length)..], _positions, out int length);
        if (length < Math.Min(_match, output.Length)) return;
        // The nearest place from where the two parted on; one before that only if there is no other.
        long best = -1;
        foreach (long position in _positions.AsSpan(0, count))
            if (best < 0 || (position >= state.Next, -Math.Abs(position - state.Next)).CompareTo((best >= state.Next, -Math.Abs(best - state.Next))) > 0) best = position;
        if (best >= 0) (state.Next, state.Lost) = (best, false);
    }
}
