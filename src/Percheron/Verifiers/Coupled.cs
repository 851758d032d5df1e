using Percheron.Decoding;

namespace Percheron.Verifiers;

/// <summary>
/// Coupled noise: at every node the target draws its own token, by noise addressed with the position, and a candidate is accepted if it is that token. The text is that
/// of plain decoding with the same seed, whatever was drafted; at temperature 0 the rule is greedy exact match.
/// Source: exponential races / Gumbel coupling, arXiv 2504.15475; drafter-invariant multi-draft coupling, arXiv 2506.05632.
/// </summary>
/// <remarks>A draft that draws by the same noise agrees with probability at least (1 − TV) / (1 + TV). Under a source of fresh numbers the law still is exact.</remarks>
[Method(Source = "Exponential races and Gumbel coupling, arXiv 2504.15475; drafter invariance, arXiv 2506.05632")]
public sealed class Coupled : Verifier
{
    private int[] _path = new int[16];

    /// <inheritdoc/>
    public override bool IsLossless => true;

    /// <inheritdoc/>
    public override bool SharesNoise => true;

    /// <inheritdoc/>
    public override Acceptance Verify(TokenTree tree, ITarget target, Sequence sequence)
    {
        int length = 0, at = 0;
        while (true)
        {
            int token = sequence.Random.Draw(tree.Position(at) + 1, target.Law(at));
            int child = tree.FindCandidate(at, token);
            if (child < 0) return new Acceptance(_path.AsSpan(0, length), token);
            if (length == _path.Length) Array.Resize(ref _path, 2 * length);
            _path[length++] = at = child;
        }
    }
}
