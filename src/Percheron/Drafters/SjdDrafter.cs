using Percheron.Decoding;

namespace Percheron.Drafters;

/// <summary>
/// Speculative Jacobi decoding: a window of tokens, each drawn from the target's own law of the last step at its place and judged against the law of this one. What is
/// refused is drawn again from the newer law; places nobody has answered for yet copy the token before.
/// </summary>
/// <remarks>
/// Under <c>coupled</c> the draws share the target's noise, so a place whose law has settled keeps its token. Bias and penalties are left to the target: they change the
/// proposal, not the outcome.
/// </remarks>
[Method(Source = "Speculative Jacobi decoding, arXiv 2410.01699 §3", Examples = ["sjd", "sjd(length=3)"])]
public sealed class SjdDrafter : Drafter
{
    private sealed class State
    {
        public List<Distribution> Laws { get; } = [];

        public int Start, Count;
    }

    private readonly PerSequence<State> _states = new(_ => new State());
    private readonly Sampler _sampler = new();
    private readonly int _length;

    /// <param name="length">Tokens in the window.</param>
    /// <exception cref="ArgumentOutOfRangeException">The length is outside 1 to 1024.</exception>
    public SjdDrafter(int length = 8)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, 1024);
        _length = length;
    }

    /// <inheritdoc/>
    public override void Release(Sequence sequence) => _states.Release(sequence);

    /// <inheritdoc/>
    public override void Observe(in Step step)
    {
        if (!step.HasLogits || !step.Acceptance.HasNext) return;
        State state = _states[step.Sequence];
        int kept = step.Acceptance.Path.Length;
        (state.Start, state.Count) = (step.Tree.RootPosition + kept + 2, 0);
        for (int node = kept + 1; node < step.Tree.Count && state.Count < _length; node++)
        {
            if (state.Laws.Count == state.Count) state.Laws.Add(new Distribution());
            _sampler.Law(step.Logits(node), step.Sequence.Sampling, state.Laws[state.Count++]);
        }
    }

    /// <inheritdoc/>
    protected override void Draft(Sequence sequence, TokenTree tree)
    {
        State state = _states[sequence];
        int count = Math.Min(_length, tree.Room), known = state.Start == sequence.Count ? state.Count : 0;
        for (int i = 0, at = 0; i < count; i++)
        {
            if (i >= known)
            {
                at = tree.Add(at, tree.Token(at));
                continue;
            }
            Distribution law = tree.RentLaw();
            law.CopyFrom(state.Laws[i]);
            at = tree.Add(at, sequence.Random.Draw(tree.Position(at) + 1, law), law);
        }
    }
}
