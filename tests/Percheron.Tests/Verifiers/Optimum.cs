using Percheron.Decoding;
using Percheron.Testing;

namespace Percheron.Tests.Verifiers;

/// <summary>
/// The most that any exact rule accepts of the siblings of one node: 1 + min over sets G of p(G) − Pr(all candidates are in G), the cut of the membership problem (methods.md V7;
/// Hu et al., arXiv 2502.18779). Enumerates the proposals and all sets, so small vocabularies only.
/// </summary>
internal static class Optimum
{
    public static double Of(double[] p, Action<TokenTree, RandomSource> draft)
    {
        var inside = new double[1 << p.Length];
        var random = new EnumeratingRandom();
        var tree = new TokenTree();
        do
        {
            tree.Reset(0, 0, 64);
            draft(tree, random);
            int drafted = 0;
            for (int child = tree.FirstCandidate(0); child >= 0; child = tree.NextCandidate(child)) drafted |= 1 << tree.Token(child);
            for (int set = 0; set < inside.Length; set++) if ((drafted & ~set) == 0) inside[set] += random.Weight;
        }
        while (random.Next());
        double least = 0;
        for (int set = 0; set < inside.Length; set++) least = Math.Min(least, p.Where((_, x) => (set >> x & 1) == 1).Sum() - inside[set]);
        return 1 + least;
    }
}
