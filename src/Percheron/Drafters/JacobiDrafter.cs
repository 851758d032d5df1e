using Percheron.Decoding;

namespace Percheron.Drafters;

/// <summary>
/// Jacobi decoding: the target's best answers behind the last step's guess are the next guess, until it stops changing. Nothing is trained and nothing is looked up; what is not
/// known yet is filled with tokens of the text.
/// </summary>
[Method(Source = "Jacobi and Gauss–Seidel decoding, arXiv 2305.10427 §3; the window moves on with every step, as in CLLM, arXiv 2403.00835", Examples = ["jacobi", "jacobi(length=4)"])]
public sealed class JacobiDrafter : Drafter
{
    private sealed class State(int length)
    {
        public int[] Guess { get; } = new int[length];

        public int Start, Count;
    }

    private readonly PerSequence<State> _states;
    private readonly int _length;

    /// <param name="length">Tokens guessed at once.</param>
    /// <exception cref="ArgumentOutOfRangeException">The length is outside 1 to 1024.</exception>
    public JacobiDrafter(int length = 8)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, 1024);
        _length = length;
        _states = new PerSequence<State>(_ => new State(length));
    }

    /// <inheritdoc/>
    public override void Release(Sequence sequence) => _states.Release(sequence);

    /// <inheritdoc/>
    public override void Observe(in Step step)
    {
        if (!step.HasLogits) return;
        State state = _states[step.Sequence];
        // A round that commits nothing keeps not even the token behind the root.
        int kept = step.Acceptance.HasNext ? step.Acceptance.Path.Length : -1;
        (state.Start, state.Count) = (step.Tree.RootPosition + kept + 2, 0);
        // The chain behind the accepted part saw a wrong prefix; its answers are the next guess all the same.
        for (int node = kept + 1; node < step.Tree.Count && state.Count < _length; node++)
            state.Guess[state.Count++] = Sampler.ArgMax(step.Logits(node));
    }

    /// <inheritdoc/>
    protected override void Draft(Sequence sequence, TokenTree tree)
    {
        State state = _states[sequence];
        ReadOnlySpan<int> text = sequence.Tokens;
        // A guess for another place, after tokens were taken back, is as good a filling as any.
        int count = Math.Min(_length, tree.Room), known = state.Start == text.Length ? state.Count : 0;
        for (int i = 0, at = 0; i < count; i++) at = tree.Add(at, i < known ? state.Guess[i] : text[Fill(text.Length + i, text.Length)]);
    }

    // Any token will do to begin with; those of the text are likelier than others. A hash of the position, so that nothing random is asked for.
    private static int Fill(int position, int length) => (int)((uint)position * 0x9E3779B1u % (uint)length);
}
