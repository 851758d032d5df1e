using Xunit;

namespace Percheron.Tests.Verifiers;

internal static class LawAssert
{
    public static double Distance(double[] a, double[] b) => a.Zip(b, (x, y) => Math.Abs(x - y)).Max();

    public static double TotalVariation(double[] a, double[] b) => a.Zip(b, (x, y) => Math.Abs(x - y)).Sum() / 2;

    public static void Equal(double[] expected, double[] actual, double tolerance = 1e-7)
    {
        double distance = Distance(expected, actual);
        Assert.True(distance <= tolerance, $"the laws differ by {distance:E2}");
    }
}
