using Percheron.Decoding;

namespace Percheron.Sample;

/// <summary>
/// Lossy: the output does not have the target's law. Of the candidates the target likes best one is accepted if it is at least <c>share</c> times as probable as the target's
/// best token. With a share of 1 and temperature 0 the rule is exact.
/// </summary>
[Method(Source = "The sample of this repository", Examples = ["near-best", "near-best(share=1)"])]
public sealed class NearBest : Verifier
{
    private readonly double _share;
    private int[] _path = new int[16];

    /// <param name="share">How near to the best a candidate must be, 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A share outside 0 to 1.</exception>
    public NearBest(double share = 0.5)
    {
        if (!(share is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(share), "share is 0 to 1");
        _share = share;
    }

    /// <inheritdoc/>
    public override bool IsLossless => false;

    /// <inheritdoc/>
    public override Acceptance Verify(TokenTree tree, ITarget target, Sequence sequence)
    {
        int length = 0, at = 0;
        while (true)
        {
            int child = Best(tree, at, target.Judgement(at));
            if (child < 0)
            {
                Distribution law = target.Law(at);
                return new Acceptance(_path.AsSpan(0, length), law.Tokens[sequence.Random.Pick(law.Probabilities)]);
            }
            // Steps allocate nothing but what doubles.
            if (length == _path.Length) Array.Resize(ref _path, 2 * length);
            _path[length++] = at = child;
        }
    }

    private int Best(TokenTree tree, int node, Distribution law)
    {
        float most = 0;
        foreach (float probability in law.Probabilities) most = Math.Max(most, probability);
        int best = -1;
        float chance = 0;
        for (int child = tree.FirstCandidate(node); child >= 0; child = tree.NextCandidate(child))
            if (law[tree.Token(child)] is var p && p > chance && p >= _share * most) (best, chance) = (child, p);
        return best;
    }
}
