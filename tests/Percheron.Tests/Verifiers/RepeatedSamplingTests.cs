using Percheron.Verifiers;
using Xunit;

namespace Percheron.Tests.Verifiers;

public class RepeatedSamplingTests
{
    private static readonly double[] P = [0.5, 0.3, 0.2, 0];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void A_candidate_is_accepted_if_any_draw_is_it(int samples)
    {
        var step = new OneStep(4, _ => P);
        double[] law = step.Law((tree, _) => tree.Add(0, 2), new RepeatedSampling(samples), 1);
        double accepted = 1 - Math.Pow(0.8, samples);
        Assert.Equal(accepted, step.Accepted, 1e-6);
        LawAssert.Equal([(1 - accepted) * 0.5 / 0.8, (1 - accepted) * 0.3 / 0.8, accepted, 0], law, 1e-6);
    }

    [Fact]
    public void Of_several_candidates_the_first_draw_that_is_one_decides()
    {
        var step = new OneStep(4, _ => P);
        double[] law = step.Law((tree, _) => Drafts.Fixed(tree, 2, 1), new RepeatedSampling(2), 1);
        LawAssert.Equal([0.25, 0.3 * 1.5, 0.2 * 1.5, 0], law, 1e-6);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(65)]
    public void Samples_are_1_to_64(int samples) => Assert.Throws<ArgumentOutOfRangeException>(() => new RepeatedSampling(samples));
}
