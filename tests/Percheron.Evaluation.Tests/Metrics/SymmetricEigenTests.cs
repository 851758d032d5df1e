using Percheron.Decoding;
using Percheron.Evaluation.Metrics;
using Xunit;

namespace Percheron.Evaluation.Tests.Metrics;

public class SymmetricEigenTests
{
    [Fact]
    public void Two_by_two_in_closed_form()
    {
        SymmetricEigen eigen = new([2, 1, 1, 2], 2);
        Assert.Equal([1, 3], eigen.Values.Order().ToArray(), (a, b) => Math.Abs(a - b) < 1e-14);
    }

    [Fact]
    public void The_second_difference_has_known_values()
    {
        const int n = 40;
        var matrix = new double[n * n];
        for (int i = 0; i < n; i++)
        {
            matrix[(i * n) + i] = 2;
            if (i > 0) matrix[(i * n) + i - 1] = matrix[((i - 1) * n) + i] = -1;
        }
        double[] expected = [.. Enumerable.Range(1, n).Select(k => 2 - (2 * Math.Cos(k * Math.PI / (n + 1)))).Order()];
        Assert.Equal(expected, new SymmetricEigen(matrix, n, vectors: false).Values.Order().ToArray(), (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(17)]
    [InlineData(64)]
    public void Vectors_rebuild_the_matrix_and_are_orthonormal(int n)
    {
        double[] matrix = Random(n);
        SymmetricEigen eigen = new(matrix, n);
        Near(matrix, eigen.Map(v => v), 1e-11 * n);
        Near(Unit(n), eigen.Map(_ => 1), 1e-12 * n);
    }

    [Fact]
    public void Values_that_repeat_and_values_of_nothing()
    {
        Assert.All(new SymmetricEigen(new double[25], 5).Values, v => Assert.Equal(0, v));
        Near(Unit(6), new SymmetricEigen(Unit(6), 6).Map(Math.Sqrt), 1e-15);
        double[] ones = [.. Enumerable.Repeat(1.0, 36)];
        Assert.Equal([0, 0, 0, 0, 0, 6], new SymmetricEigen(ones, 6).Values.Order().ToArray(), (a, b) => Math.Abs(a - b) < 1e-13);
    }

    [Fact]
    public void What_is_no_number_is_refused() => Assert.Throws<ArithmeticException>(() => new SymmetricEigen([double.NaN], 1));

    private static double[] Random(int n)
    {
        var matrix = new double[n * n];
        for (int i = 0; i < n; i++)
            for (int j = 0; j <= i; j++) matrix[(i * n) + j] = matrix[(j * n) + i] = Philox.Uniform(7, (ulong)i, (ulong)j) - 0.5;
        return matrix;
    }

    private static double[] Unit(int n)
    {
        var matrix = new double[n * n];
        for (int i = 0; i < n; i++) matrix[(i * n) + i] = 1;
        return matrix;
    }

    private static void Near(double[] expected, double[] actual, double tolerance) => Assert.Equal(expected, actual, (a, b) => Math.Abs(a - b) <= tolerance);
}
