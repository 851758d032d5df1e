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
    [InlineData(32, 7, 515)]
    [InlineData(64, 1, 77)]
    [InlineData(64, 8, 16)]
    [InlineData(80, 3, 40)]
    [InlineData(128, 6, 31)]
    [InlineData(256, 2, 1100)]
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
                {
                    foreach (bool overlay in new[] { false, true })
                        Bits.Equal(sequential, f.Tree(prefix, Positions, first, overlay), $"{level}, window from {first}, prefix {prefix}, overlay {overlay}");
                    if (prefix > 0) Bits.Equal(sequential, f.TreeBeside(prefix, Positions, first, overlay: prefix % 2 == 0), $"{level}, window from {first}, prefix {prefix}, beside others");
                }
            }
        });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    public void Rows_together_give_the_bits_of_rows_alone(int heads)
    {
        using AttentionFixture f = new(headDim: 40, heads, positions: 1050, half: true);
        Levels.ForEach(level =>
        {
            foreach (int window in new[] { 3, 30, 510, 2000 })
            {
                foreach (int end in new[] { 1, 14, 33, 509, 512, 1022 })
                {
                    float[][] together = f.Together(end, window);
                    for (int r = 0; r < together.Length; r++)
                        Bits.Equal(f.Sequential(end + r, Math.Max(0, end + r - window)), together[r], $"{level}, window {window}, row {r} from {end}");
                }
            }
        });
    }

    [Fact]
    public void A_tree_across_a_chunk_gives_the_bits_of_the_sequential_run()
    {
        using AttentionFixture f = new(headDim: 16, heads: 3, positions: 540, half: true);
        float[] sequential = f.Sequential(540, 7);
        foreach (int prefix in new[] { 490, 505, 511, 512, 513, 530 })
            foreach (bool overlay in new[] { false, true }) Bits.Equal(sequential, f.Tree(prefix, 540, 7, overlay), $"prefix {prefix}, overlay {overlay}");
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(512, 0)]
    [InlineData(1024, 511)]
    [InlineData(1700, 600)]
    public void Chunks_apart_give_the_bits_of_chunks_in_a_row(int end, int first)
    {
        using AttentionFixture f = new(headDim: 24, heads: 5, positions: end, half: false);
        Levels.ForEach(level => Bits.Equal(f.Sequential(end, first), f.InChunks(end, first), level));
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
    public void What_another_row_sees_does_not_matter()
    {
        using AttentionFixture clean = new(16, 2, 40, half: true), dirty = new(16, 2, 40, half: true);
        dirty.Spoil(13);
        dirty.Spoil(21);
        Levels.ForEach(level =>
        {
            // Rows that together see 14 … 20, then rows the last of which sees 21.
            float[][] expected = clean.Together(17, 3), actual = dirty.Together(17, 3);
            for (int r = 0; r < 5; r++) Bits.Equal(expected[r], actual[r], $"{level}, row {r}");
            Assert.All(dirty.Together(18, 7)[4], value => Assert.True(float.IsNaN(value)));
            Bits.Equal(clean.Together(18, 7)[3], dirty.Together(18, 7)[3], level);
        });
    }

    [Theory]
    [InlineData(20)]
    [InlineData(600)]
    public void A_bad_key_or_value_shows(int end)
    {
        using AttentionFixture f = new(16, 1, end, half: false);
        f.Spoil(7);
        Levels.ForEach(_ => Assert.All(f.Sequential(end, 0), v => Assert.True(float.IsNaN(v))));
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
}
