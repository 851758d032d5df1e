using Percheron.Kernels;
using Xunit;

namespace Percheron.Tests.Kernels;

[Collection(nameof(Levels))]
public sealed class SamplingWeightsTests
{
    private static float[] Row(int count)
    {
        Random random = new(count);
        return [.. Enumerable.Range(0, count).Select(_ => (float)((random.NextDouble() * 40) - 30))];
    }

    [Theory]
    [InlineData(1f)]
    [InlineData(0.8f)]
    public void A_weight_is_the_exponential_of_the_scaled_difference(float temperature)
    {
        foreach (int count in new[] { 0, 1, 15, 16, 17, 100, 5000 })
        {
            float[] x = Row(count);
            float max = count == 0 ? 0 : x.Max();
            float[] expected = [.. x.Select(v => Exponential.Of((v - max) / temperature))];
            double sum = expected.Sum(w => (double)w);
            Levels.ForEach(level =>
            {
                float[] y = new float[count];
                double total = SamplingWeights.Apply(x, y, max, temperature, out bool whole);
                Bits.Equal(expected, y, level);
                Assert.True(whole);
                Assert.Equal(sum, total, Math.Max(sum, 1) * 1e-13);
            });
        }
    }

    [Fact]
    public void All_forms_have_the_same_sums_and_quotients()
    {
        foreach (int count in new[] { 1, 37, 4099 })
        {
            float[] x = Row(count);
            float[] result = Levels.Agree(() =>
            {
                float[] y = new float[count + 4];
                double total = SamplingWeights.Apply(x, y, x.Max(), 0.7f, out _);
                double above = SamplingWeights.Above(x, y, -5f, out int more);
                // The doubles bit by bit, as two floats each.
                (y[count], y[count + 1], y[count + 2], y[count + 3]) = ((float)total, (float)(total - (float)total), (float)(above + more), (float)(above - (float)above));
                SamplingWeights.Divide(y.AsSpan(0, count), total);
                return y;
            });
            Assert.Equal(1, result[..count].Sum(p => (double)p), 1e-6);
        }
    }

    [Fact]
    public void Quotients_are_rounded_as_division_rounds()
    {
        float[] x = [.. Row(10_000).Select(k => MathF.Abs(k))], y = [.. x];
        SamplingWeights.Divide(y, 1234.56789);
        int off = 0;
        for (int i = 0; i < x.Length; i++)
        {
            float exact = (float)(x[i] / 1234.56789);
            Assert.InRange(y[i], MathF.BitDecrement(exact), MathF.BitIncrement(exact));
            if (y[i] != exact) off++;
        }
        Assert.InRange(off, 0, 2);
    }

    [Fact]
    public void What_is_impossible_weighs_nothing() => Levels.ForEach(level =>
    {
        foreach (int at in new[] { 0, 7, 16, 20 })
            foreach (float impossible in new[] { float.NaN, float.NegativeInfinity })
            {
                float[] x = new float[21], y = new float[21];
                x[at] = impossible;
                Assert.Equal(20.0, SamplingWeights.Apply(x, y, 0, 0.8f, out bool whole));
                Assert.False(whole);
                Assert.Equal(0f, y[at]);
            }
    });

    [Fact]
    public void The_mass_above_a_floor_is_that_of_the_keys_above_it() => Levels.ForEach(level =>
    {
        for (int count = 0; count < 50; count++)
        {
            float[] keys = [.. Row(count).Select(k => MathF.Round(k))], weights = [.. Enumerable.Range(1, count).Select(i => (float)i)];
            double mass = SamplingWeights.Above(keys, weights, -10f, out int above);
            int[] expected = [.. Enumerable.Range(0, count).Where(i => keys[i] > -10f)];
            Assert.Equal(expected.Length, above);
            Assert.Equal(expected.Sum(i => (double)weights[i]), mass);
        }
    });
}
