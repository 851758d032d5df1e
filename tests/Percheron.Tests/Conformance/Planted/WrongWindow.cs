using Percheron.Decoding;

namespace Percheron.Tests.Conformance.Planted;

/// <summary>Jacobi decoding: the target's answers behind the accepted path are the next guess. The mistake is to move the window by one place too many.</summary>
internal sealed class WrongWindow(bool shifted, int width = 5) : Drafter
{
    private sealed class State
    {
        public readonly List<int> Guess = [];
    }

    private readonly PerSequence<State> _states = new(_ => new State());

    protected override void Draft(Sequence sequence, TokenTree tree)
    {
        List<int> guess = _states[sequence].Guess;
        for (int at = 0; at < width && tree.Room > 0;) at = tree.Add(at, at < guess.Count ? guess[at] : tree.Token(0));
    }

    public override void Observe(in Step step)
    {
        List<int> guess = _states[step.Sequence].Guess;
        guess.Clear();
        if (!step.Acceptance.HasNext) return;
        // The node after the path was refused: the answers at it and behind it guess the tokens after `next`.
        for (int node = step.Acceptance.Path.Length + (shifted ? 2 : 1); node < step.Tree.Count; node++) guess.Add(Sampler.ArgMax(step.Logits(node)));
    }

    public override void Release(Sequence sequence) => _states.Release(sequence);
}
