using Percheron.Kernels;
using Xunit;

namespace Percheron.Tests.Kernels;

[Collection(nameof(Levels))]
public sealed unsafe class AttentionTests
{
    [Theory]
    [InlineData(2, 1, 1)]
    [InlineData(8, 2, 5)]
    [InlineData(10, 5, 33)]
    [InlineData(16, 4, 100)]
    [InlineData(64, 1, 77)]
    [InlineData(64, 8, 16)]
    [InlineData(80, 3, 40)]
    [InlineData(128, 6, 31)]
    public void Every_level_agrees_and_is_close_to_exact(int headDim, int heads, int positions)
    {
        foreach (bool half in new[] { false, true })
        {
            using AttentionFixture f = new(headDim, heads, positions, half);
            foreach (int first in new[] { 0, positions / 3, positions - 1 })
            {
                float[] y = Levels.Agree(() => f.Sequential(positions, first));
                double[] exact = f.Exact(positions, first);
                for (int i = 0; i < y.Length; i++) Assert.Equal(exact[i], y[i], 3e-6);
            }
        }
    }

    [Theory]
    [InlineData(8, 2, false)]
    [InlineData(64, 1, true)]
    [InlineData(80, 5, true)]
    public void A_row_of_a_tree_gives_the_bits_of_the_sequential_run(int headDim, int heads, bool half)
    {
        const int Positions = 37;
        using AttentionFixture f = new(headDim, heads, Positions, half);
        Levels.ForEach(level =>
        {
            foreach (int first in new[] { 0, 1, 15, 16, 20, 36 })
            {
                float[] sequential = f.Sequential(Positions, first);
                for (int prefix = 0; prefix <= Positions; prefix++)
                    Bits.Equal(sequential, f.Tree(prefix, Positions, first), $"{level}, window from {first}, prefix {prefix}");
            }
        });
    }

    [Fact]
    public void Heads_together_give_the_bits_of_heads_alone()
    {
        using AttentionFixture f = new(headDim: 64, heads: 7, positions: 50, half: true);
        Levels.ForEach(level =>
        {
            float[] together = f.Sequential(50, 0);
            for (int h = 0; h < 7; h++) Bits.Equal(together.AsSpan(64 * h, 64), f.OneHead(h, 50), $"{level}, head {h}");
        });
    }

    [Fact]
    public void Positions_outside_do_not_matter()
    {
        using AttentionFixture clean = new(16, 2, 40, half: false), dirty = new(16, 2, 40, half: false);
        foreach (int outside in Enumerable.Range(0, 13).Concat(Enumerable.Range(30, 10))) dirty.Spoil(outside);
        Levels.ForEach(level => Bits.Equal(clean.Sequential(30, 13), dirty.Sequential(30, 13), level));
    }

    [Fact]
    public void A_bad_key_or_value_shows()
    {
        using AttentionFixture f = new(16, 1, 20, half: false);
        f.Spoil(7);
        Levels.ForEach(_ => Assert.All(f.Sequential(20, 0), v => Assert.True(float.IsNaN(v))));
    }

    [Fact]
    public void One_position_returns_its_value()
    {
        using AttentionFixture f = new(24, 3, 9, half: true);
        Levels.ForEach(level =>
        {
            float[] y = f.Sequential(9, 8);
            for (int h = 0; h < 3; h++) Bits.Equal(f.Value(8), y.AsSpan(24 * h, 24), level);
        });
    }

    [Fact]
    public void Scratch_is_as_large_as_promised()
    {
        for (int first = 0; first < 40; first++)
            for (int end = first + 1; end < 90; end++)
            {
                int used = (end - (first & ~15) + 15) & ~15;
                Assert.True((used + 16) * 3 <= Attention.ScratchFloats(end - first, 3));
            }
    }
}
