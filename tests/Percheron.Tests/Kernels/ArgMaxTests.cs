using Percheron.Kernels;
using Xunit;

namespace Percheron.Tests.Kernels;

[Collection(nameof(Levels))]
public sealed class ArgMaxTests
{
    [Fact]
    public void The_lowest_of_equal_maxima_wins_wherever_they_lie()
    {
        Levels.ForEach(level =>
        {
            for (int count = 1; count < 70; count++)
                for (int at = 0; at < count; at++)
                {
                    float[] x = new float[count];
                    Array.Fill(x, -5f);
                    x[at] = 2f;
                    x[count - 1] = 2f;
                    Assert.True(at == ArgMax.Of(x), $"{level}: {count}, {at}");
                }
        });
    }

    [Fact]
    public void NaN_is_passed_over()
    {
        Levels.ForEach(_ =>
        {
            Assert.Equal(2, ArgMax.Of([float.NaN, 1f, 3f, float.NaN, 3f]));
            Assert.Equal(1, ArgMax.Of([float.NaN, float.NegativeInfinity]));
            Assert.Equal(0, ArgMax.Of([float.NaN, float.NaN]));
            Assert.Equal(1, ArgMax.Of([1f, float.PositiveInfinity, float.NaN]));
            Assert.Equal(0, ArgMax.Of([]));
            Assert.Equal(0, ArgMax.Of([-0f, 0f]));
        });
    }
}
