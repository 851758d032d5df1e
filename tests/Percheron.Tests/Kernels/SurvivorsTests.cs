using Percheron.Kernels;
using Xunit;

namespace Percheron.Tests.Kernels;

[Collection(nameof(Levels))]
public sealed class SurvivorsTests
{
    private static float[] Row(int count)
    {
        Random random = new(count);
        float[] x = [.. Enumerable.Range(0, count).Select(_ => (float)random.Next(-9, 9))];
        for (int i = 3; i < count; i += 7) x[i] = float.NaN;
        for (int i = 5; i < count; i += 11) x[i] = float.NegativeInfinity;
        return x;
    }

    [Fact]
    public void What_lies_above_the_floor_is_found_in_order() => Levels.ForEach(level =>
    {
        for (int count = 0; count < 70; count++)
        {
            float[] x = Row(count);
            int[] found = new int[count];
            foreach (float floor in new[] { float.NegativeInfinity, -3f, 0f, 8f, float.PositiveInfinity })
            {
                int n = Survivors.Above(x, floor, found);
                Assert.Equal(Enumerable.Range(0, count).Where(i => x[i] > floor), found[..n]);
            }
        }
    });

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    public void Peaks_are_the_maxima_of_their_groups(int blocks) => Levels.ForEach(level =>
    {
        for (int count = 0; count < 200; count++)
        {
            float[] x = Row(count), peaks = new float[16 * Survivors.Stretches(count, blocks)];
            Survivors.Peaks(x, blocks, peaks);
            for (int s = 0; s < peaks.Length / 16; s++)
                for (int lane = 0; lane < 16; lane++)
                {
                    float expected = float.NegativeInfinity;
                    for (int i = 0; i < blocks; i++)
                        if (((s * blocks) + i) * 16 + lane is var at && at < count && x[at] > expected) expected = x[at];
                    Assert.True(expected == peaks[(16 * s) + lane], $"{level}: {count} elements, stretch {s}, lane {lane}");
                }
        }
    });

    [Fact]
    public void Room_that_is_too_small_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Survivors.Above(new float[3], 0, new int[2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Survivors.Peaks(new float[17], 1, new float[31]));
    }
}
