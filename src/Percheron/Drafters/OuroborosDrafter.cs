using Percheron.Decoding;
using Percheron.Models;

namespace Percheron.Drafters;

/// <summary>
/// Ouroboros: makes another drafter's proposals longer with phrases. Behind the end of its draft come several phrases that began with the draft's last token before: in the
/// text, or in what the target answered at candidates that were refused.
/// </summary>
/// <remarks>Phrases are shared by all sequences. Where the inner drafter proposes nothing, phrases stand behind the last token itself.</remarks>
[Method(Source = "Ouroboros, arXiv 2402.13720 §3", Examples = ["ouroboros(model(depth=2))", "ouroboros(ngram, length=2, phrases=2)"])]
public sealed class OuroborosDrafter : Drafter
{
    private sealed class State
    {
        public int Learned, Revision;
    }

    private readonly PerSequence<State> _states = new(static _ => new State());
    private readonly Drafter _inner;
    private readonly NgramPool _pool;
    private readonly int[] _phrase;
    private readonly int _phrases;
    private int[] _answers = [];

    /// <param name="inner">Whose proposals are made longer.</param>
    /// <param name="length">Tokens of a phrase, the one it is found by not counted; 1 to 64.</param>
    /// <param name="phrases">Phrases kept for each token and proposed, the latest first; 1 to 64.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public OuroborosDrafter(Drafter inner, int length = 4, int phrases = 3)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, 64);
        ArgumentOutOfRangeException.ThrowIfLessThan(phrases, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(phrases, 64);
        (_inner, _phrases, _pool, _phrase) = (inner, phrases, new NgramPool(length, phrases), new int[length]);
        Members = [inner];
    }

    /// <inheritdoc/>
    public override FeatureSet Features => _inner.Features;

    /// <inheritdoc/>
    public override IReadOnlyList<Drafter> Members { get; }

    /// <inheritdoc/>
    public override void Draft(ReadOnlySpan<DraftSlot> batch)
    {
        Drafter? author = batch.Length > 0 ? batch[0].Tree.Author : null;
        foreach (DraftSlot slot in batch)
        {
            slot.Tree.Author = _inner;
            Learn(_states[slot.Sequence], slot.Sequence);
        }
        _inner.Draft(batch);
        foreach (DraftSlot slot in batch)
        {
            slot.Tree.Author = author;
            Lengthen(slot.Tree);
        }
    }

    /// <inheritdoc/>
    public override void Verifying(ReadOnlySpan<DraftSlot> batch) => _inner.Verifying(batch);

    /// <inheritdoc/>
    public override void Observe(in Step step)
    {
        _inner.Observe(step);
        if (step.HasLogits) Answers(step);
    }

    /// <inheritdoc/>
    public override void Release(Sequence sequence)
    {
        _states.Release(sequence);
        _inner.Release(sequence);
    }

    // The first path is the one the inner drafter believes in most.
    private void Lengthen(TokenTree tree)
    {
        int end = 0;
        while (tree.FirstCandidate(end) is > 0 and var child) end = child;
        int key = tree.Token(end);
        for (int phrase = 0; phrase < Math.Min(_phrases, _pool.Count(key)); phrase++)
        {
            int at = end;
            foreach (int token in _pool.Gram(key, phrase))
            {
                int child = tree.FindCandidate(at, token);
                if (child < 0 && (tree.Room <= 0 || !tree.WorthRow(tree.ChanceOf(at), tree.Count - 1))) return;
                at = child >= 0 ? child : tree.Add(at, token);
            }
        }
    }

    private void Learn(State state, Sequence sequence)
    {
        state.Learned = Math.Min(state.Learned, sequence.Unchanged(state.Revision));
        state.Revision = sequence.Revision;
        ReadOnlySpan<int> text = sequence.Tokens[..sequence.Settled];
        for (; state.Learned + _phrase.Length < text.Length; state.Learned++) _pool.Add(text[state.Learned], text.Slice(state.Learned + 1, _phrase.Length));
    }

    // Answers along a path are the target's guesses at what follows it, one Jacobi step on; those of the accepted path are text and are learned as such.
    private void Answers(in Step step)
    {
        TokenTree tree = step.Tree;
        if (_answers.Length < tree.Count) _answers = new int[2 * tree.Count];
        for (int node = 0; node < tree.Count; node++)
        {
            if (tree.IsProbe(node)) continue;
            _answers[node] = Sampler.ArgMax(step.Logits(node));
            if (tree.Depth(node) < _phrase.Length || step.Acceptance.Path.Contains(node)) continue;
            int at = node;
            for (int i = _phrase.Length - 1; i >= 0; i--, at = tree.Parent(at)) _phrase[i] = _answers[at];
            _pool.Add(_answers[at], _phrase);
        }
    }
}
