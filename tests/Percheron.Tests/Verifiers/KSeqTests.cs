using Percheron.Decoding;
using Percheron.Verifiers;
using Xunit;

namespace Percheron.Tests.Verifiers;

public class KSeqTests
{
    private const int Vocab = Drafts.Vocab;

    [Fact]
    public void Acceptance_is_one_minus_the_chance_that_all_are_refused()
    {
        for (ulong seed = 0; seed < 12; seed++)
            foreach (int k in new[] { 2, 3 })
            {
                double[] p = OneStep.Random(Vocab, seed), q = OneStep.Random(Vocab, 100 + seed);
                double rho = Rho(p, q, k), overlap = Overlap(p, q, rho);
                var step = new OneStep(Vocab, _ => p);
                step.Law((tree, random) => Drafts.Draws(tree, random, q, k), new KSeq(), 1);
                Assert.Equal(1 - Math.Pow(1 - overlap, k), step.Accepted, 1e-6);
                double optimum = Optimum.Of(p, (tree, random) => Drafts.Draws(tree, random, q, k));
                Assert.InRange(step.Accepted, (1 - (1 / Math.E)) * optimum, optimum + 1e-6);
            }
    }

    // Two chains of one law that begin alike: behind the common token both of the next ones are tried.
    [Fact]
    public void Chains_that_begin_alike_go_on_together()
    {
        double[] point = [0, 1, 0, 0], q = OneStep.Random(Vocab, 8), p = OneStep.Random(Vocab, 3);
        var step = new OneStep(Vocab, path => path.Length == 0 ? point : p);
        double[] law = step.Law(TwoChains, new KSeq(), 2);
        LawAssert.Equal(step.Own(2), law);
        double rho = Rho(p, q, 2);
        Assert.Equal(2 - Math.Pow(1 - Overlap(p, q, rho), 2), step.Accepted, 1e-6);

        void TwoChains(TokenTree tree, RandomSource random)
        {
            for (int i = 0; i < 2; i++)
            {
                int at = tree.Add(0, 1, OneStep.Fill(tree.RentLaw(), point));
                Distribution law = OneStep.Fill(tree.RentLaw(), q);
                tree.Add(at, random.Draw(2, law), law);
            }
        }
    }

    private static double Overlap(double[] p, double[] q, double rho) => p.Zip(q, (x, y) => Math.Min(y, x / rho)).Sum();

    private static double Rho(double[] p, double[] q, int k)
    {
        (double low, double high) = (1, k);
        for (int i = 0; i < 60; i++)
        {
            double middle = (low + high) / 2, overlap = Overlap(p, q, middle);
            if (1 - Math.Pow(1 - overlap, k) > middle * overlap) low = middle;
            else high = middle;
        }
        return high;
    }
}
