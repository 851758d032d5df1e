using Percheron.Decoding;

namespace Percheron.Tests.Conformance.Planted;

/// <summary>Traversal verification written down plainly, as a recursion over dense laws, with one mistake planted in it.</summary>
internal sealed class WrongTraversal(WrongTraversal.Mistake mistake) : Verifier
{
    internal enum Mistake
    {
        None,
        RatioKept,
        ResidualOfTheWholeLaw,
        SiblingsTakenAsIndependent,
        NextFromTheWholeLaw,
    }

    private List<int> _path = [];
    private int _next;

    public override bool IsLossless => true;

    public override Acceptance Verify(TokenTree tree, ITarget target, Sequence sequence)
    {
        Visit(tree, target, sequence.Random, 0, 1);
        return new Acceptance(_path.ToArray(), _next);
    }

    // Whether the path ends in the subtree of a node that a leaf may take with probability alpha.
    private bool Visit(TokenTree tree, ITarget target, RandomSource random, int node, double alpha)
    {
        double[] p = Dense(target.Law(node)), whole = [.. p];
        var taken = new List<(Distribution?, int)>();
        for (int child = tree.FirstCandidate(node); child >= 0; child = tree.NextCandidate(child))
        {
            double[] q = Law(tree, child, taken);
            taken.Add((tree.Law(child), tree.Token(child)));
            if (q[tree.Token(child)] <= 0) continue;
            if (Visit(tree, target, random, child, Math.Min(1, alpha * p[tree.Token(child)] / q[tree.Token(child)]))) return true;
            double[] from = mistake == Mistake.ResidualOfTheWholeLaw ? whole : p;
            double[] left = [.. from.Select((x, i) => Math.Max(0, (alpha * x) - q[i]))];
            double sum = left.Sum();
            if (mistake != Mistake.RatioKept && node != 0) alpha = sum > 0 ? sum / (sum + 1 - alpha) : alpha < 1 ? 0 : 1;
            if (sum > 1e-9) p = [.. left.Select(x => x / sum)];
        }
        if (node != 0 && !random.Accept(alpha)) return false;
        _path = [];
        for (int at = node; at > 0; at = tree.Parent(at)) _path.Insert(0, at);
        _next = random.Pick([.. (mistake == Mistake.NextFromTheWholeLaw ? whole : p).Select(x => (float)x)]);
        return true;
    }

    private double[] Law(TokenTree tree, int child, List<(Distribution? Law, int Token)> taken)
    {
        var q = new double[16];
        if (tree.Law(child) is not { } law)
        {
            q[tree.Token(child)] = 1;
            return q;
        }
        q = Dense(law);
        if (mistake != Mistake.SiblingsTakenAsIndependent)
            foreach ((Distribution? shared, int token) in taken) if (ReferenceEquals(shared, law)) q[token] = 0;
        double sum = q.Sum();
        return sum > 0 ? [.. q.Select(x => x / sum)] : q;
    }

    private static double[] Dense(Distribution law)
    {
        var dense = new double[16];
        for (int i = 0; i < law.Count; i++) dense[law.Tokens[i]] = law.Probabilities[i];
        return [.. dense.Select(x => x / dense.Sum())];
    }
}
