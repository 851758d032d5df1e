using Percheron.Verifiers;
using Xunit;

namespace Percheron.Tests.Verifiers;

public class GsdTests
{
    // By rank: 3, 0, 1, 2, 4.
    private static readonly double[] P = [0.25, 0.2, 0.12, 0.4, 0.03], Q = [0.05, 0.15, 0.6, 0.1, 0.1];

    private static readonly TokenVectors Line = new(5, 1, static (token, vector) => vector[0] = token);

    [Theory]
    [InlineData(0, 1, 0, 0.12 / 0.6)]
    [InlineData(1, 1, 0, 0.15 / 0.7)]
    [InlineData(2, 1, 0, 0.35 / 0.85)]
    [InlineData(4, 1, 0, 0.6 / 0.9)]
    [InlineData(4, 0.1, 0, 0.35 / 0.85)]
    [InlineData(4, 0.14, 0, 0.6 / 0.9)]
    [InlineData(4, 1, 1, 0.32 / 0.75)]
    [InlineData(14, 1, 0, 1)]
    [InlineData(14, 0, 0, 0.12 / 0.6)]
    public void Neighbours_in_rank_count_with_a_candidate(int neighbours, double gap, double distance, double accepted)
    {
        var step = new OneStep(5, _ => P);
        double[] law = step.Law((tree, _) => tree.Add(0, 2, OneStep.Distribution(Q)), new Gsd(Line, neighbours, gap, distance), 1);
        Assert.Equal(accepted, step.Accepted, 1e-5);
        // What is refused is replaced as in the exact rule: (p − q)₊ has 0.2, 0.05 and 0.3.
        LawAssert.Equal([.. new[] { 0.2, 0.05, 0, 0.3, 0 }.Select((left, x) => x == 2 ? accepted : (1 - accepted) * left / 0.55)], law, 1e-5);
    }

    [Fact]
    public void Equally_probable_tokens_rank_by_id()
    {
        double[] flat = [0.2, 0.2, 0.2, 0.2, 0.2];
        var step = new OneStep(5, _ => flat);
        step.Law((tree, _) => tree.Add(0, 2, OneStep.Distribution([0, 0.3, 0.7, 0, 0])), new Gsd(Line, 2, 1, 0), 1);
        Assert.Equal(0.6, step.Accepted, 1e-5);
    }

    [Fact]
    public void Options_have_bounds()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Gsd(Line, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Gsd(Line, gap: 1.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Gsd(Line, distance: double.NaN));
    }
}
