using Percheron.Decoding;

namespace Percheron.Drafters;

/// <summary>
/// Speculative Jacobi decoding: a window of tokens, each drawn from the target's own law of the last step at its place and judged against the law of this one. What is
/// refused is drawn again from the newer law; places nobody has answered for yet are filled with neighbours or at random.
/// </summary>
/// <remarks>
/// Under <c>coupled</c> the draws share the target's noise, so a place whose law has settled keeps its token. A law is that of its place: what a constraint forbids there has none. Whatever fills a place says how it came about, so the
/// outcome is exact; that holds for drafts that are kept, too, because they count as fixed.
/// </remarks>
[Method(Source = "Speculative Jacobi decoding, arXiv 2410.01699 §3; drafts that are kept: SJD++, arXiv 2512.07503, made exact",
    Examples = ["sjd", "sjd(length=3)", "sjd(length=4, init=random, keep=0.4)"])]
public sealed class SjdDrafter : Drafter
{
    private sealed class State
    {
        public List<Distribution> Laws { get; } = [];

        public List<int> Kept { get; } = [];

        public int Start, Count;
    }

    private readonly PerSequence<State> _states = new(_ => new State());
    private readonly Sampler _sampler = new();
    private readonly WindowFill _init;
    private readonly int _length, _width;
    private readonly double _keep;
    private float[] _allowed = [];

    /// <param name="length">Tokens in the window, 1 to 1024.</param>
    /// <param name="init">What stands where no answer is known yet. A neighbour that may not stand there gives way to a draw.</param>
    /// <param name="width">Tokens in a row of the grid that the output is, for fills by neighbours; for speech the number of books, so that the upper neighbour is the frame before.</param>
    /// <param name="keep">A draft that was not come to keeps its token, as a fixed one, where the newer law makes it more probable than this; 1 draws all of them again. Under noise addressed by position all are drawn again: that
    /// is the token the target would say.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public SjdDrafter(int length = 8, WindowFill init = WindowFill.Repeat, int width = 16, double keep = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, 1024);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        if (!(keep is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(keep), "keep is a probability: 0 to 1 (none is kept)");
        (_length, _init, _width, _keep) = (length, init, width, keep);
    }

    /// <inheritdoc/>
    public override void Release(Sequence sequence) => _states.Release(sequence);

    /// <inheritdoc/>
    public override void Observe(in Step step)
    {
        if (!step.HasLogits || !step.Acceptance.HasNext) return;
        State state = _states[step.Sequence];
        TokenTree tree = step.Tree;
        int kept = step.Acceptance.Path.Length;
        (state.Start, state.Count) = (tree.RootPosition + kept + 2, 0);
        for (int node = kept + 1; node < tree.Count && state.Count < _length; node++)
        {
            if (state.Laws.Count == state.Count)
            {
                state.Laws.Add(new Distribution());
                state.Kept.Add(-1);
            }
            Distribution law = state.Laws[state.Count];
            if (!_sampler.TryLaw(step.Logits(node), step.Sequence, tree, node, law)) break;
            int next = _keep < 1 && !step.Sequence.Random.SharesNoise ? tree.FirstCandidate(node) : -1;
            state.Kept[state.Count++] = next >= 0 && law[tree.Token(next)] > _keep ? tree.Token(next) : -1;
        }
    }

    /// <inheritdoc/>
    protected override void Draft(Sequence sequence, TokenTree tree)
    {
        State state = _states[sequence];
        int count = Math.Min(_length, tree.Room), known = state.Start == sequence.Count ? state.Count : 0;
        int place = sequence.Options.Constraint is { } constraint ? sequence.ConstraintState(constraint, tree.RootPosition) : -1;
        for (int i = 0, at = 0; i < count; i++)
        {
            at = i < known ? AddKnown(sequence, tree, at, state, i) : AddFill(sequence, tree, at, place);
            if (place >= 0) place = sequence.Options.Constraint!.Advance(place, tree.Token(at));
        }
    }

    private static int AddKnown(Sequence sequence, TokenTree tree, int at, State state, int i)
    {
        if (state.Kept[i] >= 0) return tree.Add(at, state.Kept[i]);
        Distribution law = tree.RentLaw();
        law.CopyFrom(state.Laws[i]);
        return tree.Add(at, sequence.Random.Draw(tree.Position(at) + 1, law), law);
    }

    // Place is the state of the constraint before the new token; −1 where nothing is known of one.
    private int AddFill(Sequence sequence, TokenTree tree, int at, int place)
    {
        int token = _init == WindowFill.Random ? -1 : Neighbour(sequence, tree, tree.Position(at) + 1);
        if (token >= 0 && (place < 0 || sequence.Options.Constraint!.Advance(place, token) >= 0)) return tree.Add(at, token);
        int count = Allowed(sequence, place);
        // Behind the end of a text nothing may stand; whatever does is never come to.
        if (count == 0) return tree.Add(at, tree.Token(at));
        Distribution law = tree.RentLaw();
        law.Fill(count, out Span<int> tokens, out Span<float> probabilities);
        probabilities.Fill(1f / count);
        for (int id = 0, next = 0; next < count; id++)
            if (_allowed[id] == 0) tokens[next++] = id;
        return tree.Add(at, sequence.Random.Draw(tree.Position(at) + 1, law), law);
    }

    // The grid begins with the output. The window is a chain, so a node's number is how far it lies behind the root.
    private int Neighbour(Sequence sequence, TokenTree tree, int position)
    {
        int cell = position - sequence.PromptLength;
        bool above = cell >= _width && (_init == WindowFill.Above || (_init == WindowFill.Left && cell % _width == 0));
        int from = above ? position - _width : position - 1;
        return from < sequence.Count ? sequence.Tokens[from] : tree.Token(from - tree.RootPosition);
    }

    private int Allowed(Sequence sequence, int place)
    {
        if (_allowed.Length != sequence.Vocab) _allowed = new float[sequence.Vocab];
        Array.Clear(_allowed);
        if (place >= 0) sequence.Options.Constraint!.Forbid(place, _allowed);
        int count = 0;
        foreach (float logit in _allowed) if (logit == 0) count++;
        return count;
    }
}
