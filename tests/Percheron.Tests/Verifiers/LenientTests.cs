using Percheron.Verifiers;
using Xunit;

namespace Percheron.Tests.Verifiers;

public class LenientTests
{
    [Theory]
    [InlineData(0.9)]
    [InlineData(0.5)]
    [InlineData(0.2)]
    public void No_token_is_more_probable_than_the_lenience_allows(double lenience)
    {
        for (ulong seed = 0; seed < 10; seed++)
        {
            double[] p = OneStep.Random(4, seed), q = OneStep.Random(4, 100 + seed);
            var step = new OneStep(4, _ => p);
            double[] law = step.Law((tree, random) => Drafts.Draws(tree, random, q, 1), new Lenient(lenience), 1);
            Assert.Equal(p.Zip(q, (x, y) => Math.Min(y, x / lenience)).Sum(), step.Accepted, 1e-6);
            for (int x = 0; x < 4; x++) Assert.True(law[x] <= (p[x] / lenience) + 1e-6);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void Lenience_lies_between_0_and_1(double lenience) => Assert.Throws<ArgumentOutOfRangeException>(() => new Lenient(lenience));
}
