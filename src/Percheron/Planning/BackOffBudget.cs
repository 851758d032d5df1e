using Percheron.Decoding;

namespace Percheron.Planning;

/// <summary>
/// The drafter's own depth while its candidates are accepted; when they are not, pauses that double in length up to <c>longestPause</c> steps, each ended by one
/// step that tries again.
/// </summary>
public sealed class BackOffBudget : BudgetPolicy
{
    private sealed class State
    {
        public double Gain;
        public int Pause, Wait;
    }

    private readonly PerSequence<State> _states;
    private readonly int _nodes, _longestPause;
    private readonly double _least;

    /// <param name="nodes">Nodes behind the root at most.</param>
    /// <param name="least">Accepted candidates for each drafted step, as a moving average, below which drafting pauses.</param>
    /// <param name="longestPause">Steps.</param>
    public BackOffBudget(int nodes = 64, double least = 0.25, int longestPause = 64)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(nodes);
        ArgumentOutOfRangeException.ThrowIfNegative(longestPause);
        (_nodes, _least, _longestPause) = (nodes, least, longestPause);
        // The average starts high: a sequence gets a few steps to show what its drafter is worth.
        _states = new PerSequence<State>(_ => new State { Gain = 2 });
    }

    /// <inheritdoc/>
    public override int Nodes(Sequence sequence) => _states[sequence].Wait > 0 ? 0 : _nodes;

    /// <inheritdoc/>
    public override void Observe(in Step step)
    {
        if (!step.HasLogits) return;
        State state = _states[step.Sequence];
        if (state.Wait > 0)
        {
            state.Wait--;
            return;
        }
        if (step.Tree.Candidates == 0) return;
        state.Gain += (step.Acceptance.Path.Length - state.Gain) / 4;
        if (step.Acceptance.Path.Length > 0) state.Pause = 0;
        if (state.Gain >= _least) return;
        state.Pause = Math.Min(Math.Max(1, 2 * state.Pause), _longestPause);
        state.Wait = state.Pause;
    }

    /// <inheritdoc/>
    public override void Release(Sequence sequence) => _states.Release(sequence);
}
