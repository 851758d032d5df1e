using Percheron.Decoding;

namespace Percheron.Verifiers;

/// <summary>
/// Lossy: the output does not have the target's law. Takes candidates that their drafter has decided on (<see cref="TokenTree.Decide"/>) without another look, as long as the target may say them (top-k, top-p and min-p cut them off too); all else is judged by the
/// target's own token, drawn by noise addressed with the position. With a drafter that decodes several rows of a grid at once this is ZipAR: a decided token has the law of a target that does not see the end of the row above.
/// With take = false, and wherever nothing is decided, the text is that of plain decoding.
/// Source: He et al., "ZipAR: parallel autoregressive image generation through spatial locality", arXiv 2412.04062, section 3.2.
/// </summary>
[Method(Source = "He et al., ZipAR, arXiv 2412.04062, section 3.2")]
public sealed class Decided : Verifier
{
    private readonly NodePath _path = new();
    private readonly bool _take;

    /// <param name="take">Whether decided candidates are taken; without it the rule is exact.</param>
    public Decided(bool take = true) => _take = take;

    /// <inheritdoc/>
    public override bool IsLossless => false;

    /// <inheritdoc/>
    public override bool SharesNoise => true;

    /// <inheritdoc/>
    public override Acceptance Verify(TokenTree tree, ITarget target, Sequence sequence)
    {
        _path.Clear();
        for (int at = 0; ;)
        {
            Distribution law = target.Law(at);
            int child = Find(tree, at, target);
            if (child < 0)
            {
                int token = sequence.Random.Draw(tree.Position(at) + 1, law);
                child = tree.FindCandidate(at, token);
                if (child < 0) return _path.Then(token);
            }
            _path.Add(at = child);
        }
    }

    // What is decided at temperature 0 is the best token of a law that sees less, and need not be the best of this one.
    private int Find(TokenTree tree, int node, ITarget target)
    {
        for (int child = _take ? tree.FirstCandidate(node) : -1; child >= 0; child = tree.NextCandidate(child))
            if (tree.IsDecided(child) && target.Judgement(node)[tree.Token(child)] > 0) return child;
        return -1;
    }
}
