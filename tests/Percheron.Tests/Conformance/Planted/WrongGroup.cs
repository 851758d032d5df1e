using Percheron.Decoding;

namespace Percheron.Tests.Conformance.Planted;

/// <summary>Rules for two independent draws at the root, written down plainly over dense laws, with one mistake planted in them.</summary>
internal sealed class WrongGroup(WrongGroup.Mistake mistake) : Verifier
{
    internal enum Mistake
    {
        None,
        NoneOfSelection,
        RhoTooSmall,
        ResidualOfOneDraw,
        SelectedTriedAsIfDrawn,
    }

    public override bool IsLossless => true;

    public override Acceptance Verify(TokenTree tree, ITarget target, Sequence sequence)
    {
        float[] p = Dense(target.Law(0));
        int first = tree.FirstCandidate(0), second = first < 0 ? -1 : tree.NextCandidate(first);
        if (second < 0) return new Acceptance([], sequence.Random.Pick(p));
        float[] q = Dense(tree.Law(first)!), covered = new float[p.Length];
        int accepted = mistake is Mistake.SelectedTriedAsIfDrawn or Mistake.NoneOfSelection ? Select(tree, p, q, covered, sequence.Random) : KSeq(tree, p, q, covered, sequence.Random);
        if (accepted >= 0) return new Acceptance((int[])[accepted], sequence.Random.Pick(Dense(target.Law(accepted))));
        float[] left = [.. p.Zip(covered, (x, y) => Math.Max(0, x - y))];
        return new Acceptance([], sequence.Random.Pick(left.Sum() > 1e-6f ? left : p));
    }

    private int KSeq(TokenTree tree, float[] p, float[] q, float[] covered, RandomSource random)
    {
        // ρ = k always is exact; ρ = 1 covers more than there is.
        float rho = mistake == Mistake.RhoTooSmall ? 1 : 2, overlap = p.Zip(q, (x, y) => Math.Min(y, x / rho)).Sum(), share = overlap > 0 ? (1 - ((1 - overlap) * (1 - overlap))) / overlap : 1;
        for (int i = 0; i < p.Length; i++) covered[i] = mistake == Mistake.ResidualOfOneDraw ? Math.Min(p[i], q[i]) : share * Math.Min(q[i], p[i] / rho);
        for (int child = tree.FirstCandidate(0); child >= 0; child = tree.NextCandidate(child))
            if (random.Accept(p[tree.Token(child)] / (rho * q[tree.Token(child)]))) return child;
        return -1;
    }

    // Selects the draw of the higher ratio p/q: its law is not q any more.
    private int Select(TokenTree tree, float[] p, float[] q, float[] covered, RandomSource random)
    {
        int first = tree.FirstCandidate(0), second = tree.NextCandidate(first);
        int chosen = Rank(tree.Token(first)) >= Rank(tree.Token(second)) ? first : second;
        float[] selected = [.. q.Select((x, i) => x == 0 ? 0 : (x * x) + (2 * x * q.Where((_, j) => j != i && Rank(j) < Rank(i)).Sum()))];
        float[] tried = mistake == Mistake.SelectedTriedAsIfDrawn ? q : selected;
        for (int i = 0; i < p.Length; i++) covered[i] = Math.Min(p[i], tried[i]);
        return random.Accept(p[tree.Token(chosen)] / tried[tree.Token(chosen)]) ? chosen : -1;

        double Rank(int token) => q[token] == 0 ? -1 : ((double)p[token] / q[token]) + (1e-9 * token);
    }

    private static float[] Dense(Distribution law)
    {
        var dense = new float[16];
        for (int i = 0; i < law.Count; i++) dense[law.Tokens[i]] = law.Probabilities[i];
        return dense;
    }
}
