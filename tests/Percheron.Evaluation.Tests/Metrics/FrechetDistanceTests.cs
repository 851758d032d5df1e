using Percheron.Evaluation.Metrics;
using Xunit;

namespace Percheron.Evaluation.Tests.Metrics;

public class FrechetDistanceTests
{
    private static readonly double[][] Pictures = [[1, 0], [0, 2], [3, 1], [2, -1]];

    [Fact]
    public void Sums_fit_mean_and_covariance()
    {
        Gaussian fit = FrechetDistance.Fit(Sums(Pictures).Total(), 2);
        Assert.Equal([1.5, 0.5], fit.Mean);
        // Deviations −.5 −.5, −1.5 1.5, 1.5 .5, .5 −1.5; divided by three.
        Assert.Equal([5 / 3.0, -2 / 3.0, -2 / 3.0, 5 / 3.0], fit.Covariance, (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public void The_real_pictures_themselves_are_at_no_distance()
    {
        SampleSums sums = Sums(Pictures);
        FrechetDistance distance = new("toy", FrechetDistance.Fit(sums.Total(), 2));
        Assert.Equal(0, distance.Score(sums.Total()), 10);
        Assert.Equal("FID (toy)", distance.Name);
    }

    [Fact]
    public void A_shift_is_its_square()
    {
        FrechetDistance distance = new("toy", FrechetDistance.Fit(Sums(Pictures).Total(), 2));
        Assert.Equal(9 + 16, distance.Score(Sums([.. Pictures.Select(p => new[] { p[0] + 3, p[1] - 4 })]).Total()), 8);
    }

    [Fact]
    public void One_picture_has_no_distance() => Assert.True(double.IsNaN(new FrechetDistance("toy", new Gaussian([0], [1])).Score([1, 2, 4])));

    private static SampleSums Sums(double[][] pictures)
    {
        SampleSums sums = new(FrechetDistance.SizeOf(pictures[0].Length));
        foreach (double[] features in pictures) FrechetDistance.Count(features, sums.Add());
        return sums;
    }
}
