using Percheron.Kernels;
using Xunit;

namespace Percheron.Tests.Kernels;

[Collection(nameof(Levels))]
public sealed class GroupNormTests
{
    [Theory]
    [InlineData(1, 16, 1)]
    [InlineData(9, 48, 4)]
    [InlineData(30, 21, 7)]
    [InlineData(64, 8, 8)]
    public void Every_level_agrees_and_is_close_to_exact(int pixels, int channels, int groups)
    {
        var random = new Random(pixels);
        float[] x = Values(random, pixels * channels, 3), weight = Values(random, channels, 2), bias = Values(random, channels, 1);
        float[] y = Levels.Agree(() =>
        {
            float[] own = [.. x];
            GroupNorm.Apply(own, weight, bias, groups, 1e-5f, new float[GroupNorm.ScratchLength(channels)]);
            return own;
        });
        int size = channels / groups;
        for (int g = 0; g < groups; g++)
        {
            double[] values = [.. Enumerable.Range(0, pixels * size).Select(i => (double)x[(i / size * channels) + (g * size) + (i % size)])];
            double mean = values.Average(), variance = values.Average(v => (v - mean) * (v - mean));
            for (int i = 0; i < values.Length; i++)
            {
                int c = (g * size) + (i % size);
                Assert.Equal(((values[i] - mean) / Math.Sqrt(variance + 1e-5) * weight[c]) + bias[c], y[(i / size * channels) + c], 1e-4);
            }
        }
    }

    [Fact]
    public void Groups_that_do_not_divide_the_channels_are_refused() =>
        Assert.Throws<ArgumentException>(() => GroupNorm.Apply(new float[20], new float[10], new float[10], 3, 1e-5f, new float[20]));

    private static float[] Values(Random random, int count, float range) => [.. Enumerable.Range(0, count).Select(_ => ((random.NextSingle() * 2) - 0.7f) * range)];
}
