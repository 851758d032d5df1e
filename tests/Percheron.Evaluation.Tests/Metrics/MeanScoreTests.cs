using Percheron.Evaluation.Metrics;
using Xunit;

namespace Percheron.Evaluation.Tests.Metrics;

public class MeanScoreTests
{
    [Fact]
    public void Shares_in_percent()
    {
        var sums = new double[2];
        foreach (double value in (double[])[1, 0, 1, 1]) MeanScore.Count(value, sums);
        Assert.Equal(75, new MeanScore("exact", true, 100).Score(sums));
    }

    [Fact]
    public void Weights_and_what_is_no_number()
    {
        var sums = new double[2];
        MeanScore.Count(2, sums, 3);
        MeanScore.Count(6, sums);
        MeanScore.Count(double.NaN, sums);
        Assert.Equal(3, new MeanScore("distortion", false).Score(sums));
    }
}
