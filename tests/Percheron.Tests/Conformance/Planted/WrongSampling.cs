using Percheron.Decoding;

namespace Percheron.Tests.Conformance.Planted;

/// <summary>Speculative sampling written down plainly, with one mistake of public code planted in it.</summary>
internal sealed class WrongSampling(WrongSampling.Mistake mistake) : Verifier
{
    internal enum Mistake
    {
        None,
        ResidualNotSubtracted,
        WithoutReplacementTakenAsWith,
        FixedAlwaysAccepted,
        OneDrawPerCandidate,
        BonusFromTheRowBefore,
        ResidualByPositionNoise,
        RatioOverSharedNoise,
    }

    public override bool IsLossless => true;

    public override bool SharesNoise => mistake == Mistake.RatioOverSharedNoise;

    public override Acceptance Verify(TokenTree tree, ITarget target, Sequence sequence)
    {
        var path = new List<int>();
        for (int at = 0; ;)
        {
            float[] p = Dense(target.Law(at));
            int hit = mistake == Mistake.OneDrawPerCandidate ? FirstDrawn(tree, at, p, sequence.Random) : Ratio(tree, at, p, sequence.Random);
            if (hit < 0)
            {
                bool leaf = tree.FirstCandidate(at) < 0;
                if (mistake == Mistake.BonusFromTheRowBefore && leaf && at > 0) p = Dense(target.Law(tree.Parent(at)));
                return new Acceptance(path.ToArray(), Draw(p, tree.Position(at) + 1, sequence.Random));
            }
            path.Add(at = hit);
        }
    }

    // methods.md P2: an independent target sample for each candidate instead of one for the node.
    private static int FirstDrawn(TokenTree tree, int at, float[] p, RandomSource random)
    {
        for (int child = tree.FirstCandidate(at); child >= 0; child = tree.NextCandidate(child))
            if (random.Pick(p) == tree.Token(child)) return child;
        return -1;
    }

    private int Ratio(TokenTree tree, int at, float[] p, RandomSource random)
    {
        var taken = new List<(Distribution Law, int Token)>();
        for (int child = tree.FirstCandidate(at); child >= 0; child = tree.NextCandidate(child))
        {
            int x = tree.Token(child);
            Distribution? law = tree.Law(child);
            if (law is null && mistake == Mistake.FixedAlwaysAccepted) return child;
            float[] q = law is null ? Point(x, p.Length) : Dense(law);
            if (mistake != Mistake.WithoutReplacementTakenAsWith)
                foreach ((Distribution shared, int token) in taken)
                    if (ReferenceEquals(shared, law)) q[token] = 0;
            if (!Normalize(q)) continue;
            if (random.Accept(p[x] / q[x])) return child;
            if (law is not null) taken.Add((law, x));
            if (mistake == Mistake.ResidualNotSubtracted) continue;
            float[] before = [.. p];
            for (int i = 0; i < p.Length; i++) p[i] = Math.Max(0, p[i] - q[i]);
            if (p.Sum() < 1e-6f)
            {
                before.CopyTo(p, 0);
                return child;
            }
            Normalize(p);
        }
        return -1;
    }

    private int Draw(float[] p, int position, RandomSource random)
    {
        if (mistake != Mistake.ResidualByPositionNoise) return random.Pick(p);
        var law = new Distribution();
        law.Fill(p.Length, out Span<int> tokens, out Span<float> probabilities);
        for (int i = 0; i < p.Length; i++) (tokens[i], probabilities[i]) = (i, p[i]);
        return new PositionNoise(1).Draw(position, law);
    }

    private static bool Normalize(float[] weights)
    {
        float sum = weights.Sum();
        for (int i = 0; i < weights.Length && sum > 0; i++) weights[i] /= sum;
        return sum > 0;
    }

    private static float[] Dense(Distribution law)
    {
        var dense = new float[16];
        for (int i = 0; i < law.Count; i++) dense[law.Tokens[i]] = law.Probabilities[i];
        return dense;
    }

    private static float[] Point(int token, int count)
    {
        var point = new float[count];
        point[token] = 1;
        return point;
    }
}
