using Percheron.Decoding;

namespace Percheron.Drafters.Lengths;

/// <summary>Two levels more after a step in which all of the longest path was accepted, one less after any other, for each sequence.</summary>
[Method(Source = "The heuristic schedule of Hugging Face's assisted generation, github.com/huggingface/transformers", Examples = ["model(length=heuristic)"])]
public sealed class HeuristicLength : DraftLength
{
    private readonly PerSequence<State> _states;

    private sealed class State
    {
        public int Levels;
    }

    /// <param name="start">Levels at the start, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is none.</exception>
    public HeuristicLength(int start = 5)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(start, 1);
        _states = new PerSequence<State>(_ => new State { Levels = start });
    }

    /// <inheritdoc/>
    public override int Levels(Sequence sequence, int most) => Math.Min(_states[sequence].Levels, most);

    /// <inheritdoc/>
    public override void Observe(in Step step, int drafted)
    {
        State state = _states[step.Sequence];
        if (step.Acceptance.Path.Length < drafted) state.Levels = Math.Max(1, state.Levels - 1);
        // What was not allowed to grow as far says nothing about more levels.
        else if (drafted >= state.Levels) state.Levels += 2;
    }

    /// <inheritdoc/>
    public override void Release(Sequence sequence) => _states.Release(sequence);
}
