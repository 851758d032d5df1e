using Percheron.Kernels;
using Xunit;

namespace Percheron.Tests.Kernels;

[Collection(nameof(Levels))]
public sealed class SoftmaxTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(16)]
    [InlineData(33)]
    [InlineData(5000)]
    public void Every_level_agrees_and_is_close_to_exact(int count)
    {
        Random random = new(count);
        float[] x = [.. Enumerable.Range(0, count).Select(_ => (float)((random.NextDouble() * 30) - 15))];
        float[] y = Levels.Agree(() => Run(x));
        // The difference to the maximum is a float; the rest is measured against exact arithmetic.
        float max = x.Max();
        double sum = x.Sum(v => Math.Exp(v - max));
        for (int i = 0; i < count; i++) Assert.Equal(Math.Exp(x[i] - max) / sum, y[i], (5e-7 * Math.Exp(x[i] - max) / sum) + 1e-30);
        Assert.Equal(1, y.Sum(v => (double)v), 1e-5);
    }

    [Fact]
    public void Excluded_elements_get_nothing_and_a_NaN_shows()
    {
        Levels.ForEach(_ =>
        {
            Assert.Equal([0.5f, 0f, 0.5f], Run([3f, float.NegativeInfinity, 3f]));
            Assert.All(Run([3f, float.NaN, 3f]), v => Assert.True(float.IsNaN(v)));
            Assert.Empty(Run([]));
        });
    }

    private static float[] Run(float[] x)
    {
        float[] y = [.. x];
        Softmax.Apply(y);
        return y;
    }
}
