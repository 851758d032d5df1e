using Percheron.Verifiers;
using Xunit;

namespace Percheron.Tests.Verifiers;

public class GreedyPlusOneTests
{
    private const int Vocab = Drafts.Vocab;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Of_the_best_ones_and_one_drawn_it_accepts_as_much_as_any_rule_can(int best)
    {
        for (ulong seed = 0; seed < 40; seed++)
        {
            double[] p = OneStep.Random(Vocab, seed), q = OneStep.Random(Vocab, 100 + seed);
            var step = new OneStep(Vocab, _ => p);
            step.Law((tree, random) => Drafts.BestAndOne(tree, random, q, best), new GreedyPlusOne(), 1);
            Assert.Equal(Optimum.Of(p, (tree, random) => Drafts.BestAndOne(tree, random, q, best)), step.Accepted, 1e-6);
        }
    }
}
