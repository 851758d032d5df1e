using Percheron.Decoding;

namespace Percheron.Verifiers;

/// <summary>
/// Goes down a tree from its root: the candidates of a node are asked one after the other, the first that is accepted leads on, and where none is, what refusals have left of the target's law gives the next
/// token. Rules differ in their question only.
/// </summary>
internal sealed class RejectionWalk(RejectionWalk.Question accepts)
{
    /// <summary>Whether a candidate is accepted; if not, what its law covered is gone from what is left.</summary>
    /// <param name="rejection">What is left of the target's law at the candidate's parent.</param>
    /// <param name="tree">Its tree.</param>
    /// <param name="node">The candidate.</param>
    /// <param name="random">The sequence's source.</param>
    public delegate bool Question(Rejection rejection, TokenTree tree, int node, RandomSource random);

    private readonly Rejection _rejection = new();
    private readonly NodePath _path = new();

    /// <summary>The accepted path and the token behind it.</summary>
    public Acceptance Go(TokenTree tree, ITarget target, Sequence sequence)
    {
        _path.Clear();
        for (int at = 0; ;)
        {
            _rejection.Begin(target.Law(at));
            int child = tree.FirstCandidate(at);
            while (child >= 0 && !accepts(_rejection, tree, child, sequence.Random)) child = tree.NextCandidate(child);
            if (child < 0) return _path.Then(_rejection.Next(sequence.Random));
            _path.Add(at = child);
        }
    }
}
