using Percheron.Kernels;
using Xunit;

namespace Percheron.Tests.Kernels;

[Collection(nameof(Levels))]
public sealed class ExponentialTests
{
    [Fact]
    public void Lies_within_an_ulp_and_a_half_of_the_exact_value()
    {
        Random random = new(1);
        float[] x = [.. Enumerable.Range(0, 200_000).Select(_ => (float)((random.NextDouble() * 192) - 104)), .. Enumerable.Range(-100, 200).Select(i => i * 0.0001f)];
        float[] y = Levels.Agree(() =>
        {
            float[] result = new float[x.Length];
            Exponential.Apply(x, result);
            return result;
        });
        for (int i = 0; i < x.Length; i++)
        {
            double exact = Math.Exp(x[i]);
            if (exact > float.MaxValue) continue;
            double ulp = Math.Max(MathF.BitIncrement((float)exact) - (double)(float)exact, float.Epsilon);
            Assert.True(Math.Abs(y[i] - exact) < 1.5 * ulp, $"exp({x[i]:R}) = {y[i]:R}, exactly {exact:R}");
        }
    }

    [Fact]
    public void Special_values()
    {
        float[] x = [0f, -0f, float.PositiveInfinity, float.NegativeInfinity, float.NaN, 88.72283f, 88.73f, 200f, float.MaxValue, -103.9f, -104.5f, -1000f, float.MinValue, float.Epsilon];
        float[] y = Levels.Agree(() =>
        {
            float[] result = new float[x.Length];
            Exponential.Apply(x, result);
            return result;
        });
        Assert.Equal([1f, 1f, float.PositiveInfinity, 0f, float.NaN], y[..5]);
        Assert.True(float.IsFinite(y[5]) && y[5] > 3.4e38f);
        Assert.Equal([float.PositiveInfinity, float.PositiveInfinity, float.PositiveInfinity], y[6..9]);
        Assert.Equal([float.Epsilon, 0f, 0f, 0f, 1f], y[9..]);
    }

    [Fact]
    public void Bits_depend_on_neither_length_nor_place()
    {
        Random random = new(2);
        float[] x = [.. Enumerable.Range(0, 70).Select(_ => (float)((random.NextDouble() * 40) - 20))];
        float[] single = [.. x.Select(Exponential.Of)];
        Levels.ForEach(level =>
        {
            for (int start = 0; start < 20; start++)
                for (int length = 0; length <= x.Length - start; length++)
                {
                    float[] y = new float[length];
                    Exponential.Apply(x.AsSpan(start, length), y);
                    Bits.Equal(single.AsSpan(start, length), y, level);
                }
        });
    }

    [Fact]
    public void A_target_that_is_too_short_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Exponential.Apply(new float[3], new float[2]));
}
