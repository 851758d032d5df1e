using Percheron.Kernels;
using Xunit;

namespace Percheron.Tests.Kernels;

/// <summary>RmsNorm and LayerNorm.</summary>
[Collection(nameof(Levels))]
public sealed unsafe class NormTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(16)]
    [InlineData(50)]
    [InlineData(288)]
    [InlineData(2047)]
    public void Every_level_agrees_and_is_close_to_exact(int columns)
    {
        Random random = new(columns);
        float[] x = Values(random, columns, 3), weight = Values(random, columns, 2), bias = Values(random, columns, 1);
        double mean = x.Average(v => (double)v), squares = x.Average(v => (double)v * v), variance = x.Average(v => (v - mean) * (v - mean));

        float[] rms = Levels.Agree(() => Rms(x, weight));
        float[] layer = Levels.Agree(() => Layer(x, weight, bias));
        float[] unbiased = Levels.Agree(() => Layer(x, weight, null));
        for (int i = 0; i < columns; i++)
        {
            Assert.Equal(x[i] / Math.Sqrt(squares + 1e-5) * weight[i], rms[i], 3e-6);
            double normal = (x[i] - mean) / Math.Sqrt(variance + 1e-5) * weight[i];
            Assert.Equal(normal + bias[i], layer[i], 1e-5);
            Assert.Equal(normal, unbiased[i], 1e-5);
        }
    }

    [Fact]
    public void A_large_mean_does_not_spoil_the_variance()
    {
        float[] x = [.. Enumerable.Range(0, 37).Select(i => 1000f + (i % 2))], one = [.. x.Select(_ => 1f)];
        double mean = x.Average(v => (double)v), variance = x.Average(v => (v - mean) * (v - mean));
        float[] y = Levels.Agree(() => Layer(x, one, null));
        for (int i = 0; i < 37; i++) Assert.Equal((x[i] - mean) / Math.Sqrt(variance + 1e-5), y[i], 1e-3);
    }

    [Fact]
    public void A_bad_element_spoils_the_whole_row()
    {
        foreach (float bad in new[] { float.NaN, float.PositiveInfinity })
        {
            float[] x = [1f, 2f, bad, 4f], one = [1f, 1f, 1f, 1f];
            Levels.ForEach(_ =>
            {
                Assert.Contains(Rms(x, one), float.IsNaN);
                Assert.All(Layer(x, one, null), v => Assert.True(float.IsNaN(v)));
            });
        }
    }

    private static float[] Rms(float[] x, float[] weight)
    {
        using Block a = Block.Of(x, 4), w = Block.Of(weight), y = new(x.Length * sizeof(float));
        RmsNorm.Apply(a.Floats, w.Floats, x.Length, 1e-5f, y.Floats);
        RmsNorm.Apply(a.Floats, w.Floats, x.Length, 1e-5f, a.Floats);
        Bits.Equal(y.ToArray(x.Length), a.ToArray(x.Length), "in place");
        return y.ToArray(x.Length);
    }

    private static float[] Layer(float[] x, float[] weight, float[]? bias)
    {
        using Block a = Block.Of(x, 4), w = Block.Of(weight), b = Block.Of(bias ?? [0f]), y = new(x.Length * sizeof(float));
        LayerNorm.Apply(a.Floats, w.Floats, bias is null ? null : b.Floats, x.Length, 1e-5f, y.Floats);
        LayerNorm.Apply(a.Floats, w.Floats, bias is null ? null : b.Floats, x.Length, 1e-5f, a.Floats);
        Bits.Equal(y.ToArray(x.Length), a.ToArray(x.Length), "in place");
        return y.ToArray(x.Length);
    }

    private static float[] Values(Random random, int count, double range) =>
        [.. Enumerable.Range(0, count).Select(_ => (float)(((random.NextDouble() * 2) - 0.8) * range))];
}
