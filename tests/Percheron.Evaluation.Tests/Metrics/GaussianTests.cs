using Percheron.Evaluation.Metrics;
using Xunit;

namespace Percheron.Evaluation.Tests.Metrics;

/// <summary>Distances that have a closed form.</summary>
public class GaussianTests
{
    [Fact]
    public void The_same_law_is_no_distance() => Assert.Equal(0, Two(1, 2, 3, 1, 2).Distance(Two(1, 2, 3, 1, 2)), 10);

    [Fact]
    public void In_one_dimension_means_and_deviations_differ()
    {
        Gaussian a = new([3], [4]), b = new([1], [25]);
        Assert.Equal((2 * 2) + ((2 - 5) * (2 - 5)), a.Distance(b), 10);
    }

    [Fact]
    public void Covariances_that_commute_are_dimensions_apart()
    {
        Gaussian a = new([0, 0, 1], [1, 0, 0, 0, 4, 0, 0, 0, 9]), b = new([2, 0, 0], [9, 0, 0, 0, 16, 0, 0, 0, 0.25]);
        Assert.Equal(4 + 1 + Math.Pow(1 - 3, 2) + Math.Pow(2 - 4, 2) + Math.Pow(3 - 0.5, 2), a.Distance(b), 10);
    }

    [Fact]
    public void Covariances_that_do_not_commute_in_two_dimensions()
    {
        // There tr (AB)^½ = (tr AB + 2 (det AB)^½)^½.
        Gaussian a = Two(0, 0, 2, 1, 3), b = Two(1, -1, 5, -2, 1);
        double trace = (2 * 5) + (2 * 1 * -2) + (3 * 1), determinant = ((2 * 3) - 1) * ((5 * 1) - 4);
        double expected = 2 + (2 + 3 + 5 + 1) - (2 * Math.Sqrt(trace + (2 * Math.Sqrt(determinant))));
        Assert.Equal(expected, a.Distance(b), 10);
        Assert.Equal(expected, b.Distance(a), 10);
    }

    [Fact]
    public void A_law_without_spread_in_some_direction_is_no_trouble()
    {
        Gaussian flat = Two(0, 0, 1, 1, 1), point = Two(0, 0, 0, 0, 0);
        Assert.Equal(2, flat.Distance(point), 10);
        Assert.Equal(2, point.Distance(flat), 10);
    }

    [Fact]
    public void Laws_of_different_dimensions_are_refused() => Assert.Throws<ArgumentException>(() => Two(0, 0, 1, 0, 1).Distance(new Gaussian([0], [1])));

    private static Gaussian Two(double x, double y, double xx, double xy, double yy) => new([x, y], [xx, xy, xy, yy]);
}
