using Percheron.Decoding;

namespace Percheron.Verifiers;

/// <summary>
/// Fixed point: the block is refined in rounds that commit nothing, and committed when the target answers every token of it with itself, or when it has stopped changing.
/// The text is that of plain decoding with the same seed; every commit is late, so it is for drafters that learn from each answer (Jacobi iteration).
/// Source: Santilli et al., "Accelerating transformer inference for translation via parallel decoding", arXiv 2305.10427; Song et al., arXiv 2002.03629.
/// </summary>
/// <remarks>
/// A round may be given away only if the target's tokens would be the same again: at temperature 0, or under noise addressed by position, where a token is a function of
/// what is before it. Under fresh numbers a round that has drawn commits what it has, which keeps the law exact.
/// </remarks>
[Method(Source = "Santilli et al., parallel decoding by Jacobi iteration, arXiv 2305.10427; Song et al., arXiv 2002.03629")]
public sealed class FixedPoint : Verifier
{
    private sealed class State
    {
        private int[] _tokens = new int[16], _parents = new int[16];
        private int _count, _position = -1;

        // Whether the candidates are the ones that were kept last; keeps them. Probes may change all the time.
        public bool Repeats(TokenTree tree)
        {
            bool same = _position == tree.RootPosition;
            if (_tokens.Length < tree.Count)
            {
                Array.Resize(ref _tokens, 2 * tree.Count);
                Array.Resize(ref _parents, 2 * tree.Count);
            }
            int count = 0;
            for (int node = 1; node < tree.Count; node++)
            {
                if (tree.IsProbe(node)) continue;
                same = same && count < _count && _tokens[count] == tree.Token(node) && _parents[count] == tree.Parent(node);
                (_tokens[count], _parents[count++]) = (tree.Token(node), tree.Parent(node));
            }
            same = same && count == _count;
            (_count, _position) = (count, tree.RootPosition);
            return same;
        }
    }

    private readonly PerSequence<State> _blocks = new(static _ => new State());
    private readonly NodePath _path = new();

    /// <inheritdoc/>
    public override bool IsLossless => true;

    /// <inheritdoc/>
    public override bool SharesNoise => true;

    /// <inheritdoc/>
    public override Acceptance Verify(TokenTree tree, ITarget target, Sequence sequence)
    {
        bool repeatable = true;
        _path.Clear();
        for (int at = 0; ;)
        {
            Distribution law = target.Law(at);
            repeatable = repeatable && (law.IsPoint || sequence.Random.SharesNoise);
            int token = sequence.Random.Draw(tree.Position(at) + 1, law), child = tree.FindCandidate(at, token);
            if (child < 0)
            {
                bool whole = tree.FirstCandidate(at) < 0;
                return whole || !repeatable || _blocks[sequence].Repeats(tree) ? _path.Then(token) : Acceptance.None;
            }
            _path.Add(at = child);
        }
    }

    /// <inheritdoc/>
    public override void Release(Sequence sequence) => _blocks.Release(sequence);
}
