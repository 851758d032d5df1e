using Percheron.Kernels;
using Xunit;

namespace Percheron.Tests.Kernels;

[Collection(nameof(Levels))]
public sealed unsafe class RopeTests
{
    [Theory]
    [InlineData(RopeLayout.Adjacent, 8, 8)]
    [InlineData(RopeLayout.Adjacent, 64, 64)]
    [InlineData(RopeLayout.Adjacent, 80, 32)]
    [InlineData(RopeLayout.Halves, 8, 8)]
    [InlineData(RopeLayout.Halves, 96, 96)]
    [InlineData(RopeLayout.Halves, 128, 128)]
    [InlineData(RopeLayout.Halves, 80, 50)]
    public void Turns_pairs_and_leaves_the_rest(RopeLayout layout, int headDim, int rotated)
    {
        const int Heads = 3, Position = 1234;
        Random random = new(headDim);
        float[] x = [.. Enumerable.Range(0, Heads * headDim).Select(_ => (float)(random.NextDouble() - 0.5))];
        double[] frequencies = [.. Enumerable.Range(0, rotated / 2).Select(i => Math.Pow(10000, -2.0 * i / rotated))];
        float[] y = Levels.Agree(() =>
        {
            using Block data = Block.Of(x), cos = new(rotated * 2), sin = new(rotated * 2);
            Rope.Tabulate(Position, frequencies, 1.25f, cos.Floats, sin.Floats);
            Rope.Apply(data.Floats, Heads, headDim, rotated, cos.Floats, sin.Floats, layout);
            return data.ToArray(x.Length);
        });
        for (int h = 0; h < Heads; h++)
        {
            for (int i = 0; i < rotated / 2; i++)
            {
                (int a, int b) = layout == RopeLayout.Adjacent ? (2 * i, (2 * i) + 1) : (i, i + (rotated / 2));
                (a, b) = (a + (h * headDim), b + (h * headDim));
                (double sin, double cos) = Math.SinCos(Position * frequencies[i]);
                Assert.Equal(((x[a] * cos) - (x[b] * sin)) * 1.25, y[a], 2e-7);
                Assert.Equal(((x[b] * cos) + (x[a] * sin)) * 1.25, y[b], 2e-7);
            }
            Bits.Equal(x.AsSpan((h * headDim) + rotated, headDim - rotated), y.AsSpan((h * headDim) + rotated, headDim - rotated), "rest");
        }
    }
}
