using Percheron.Decoding;
using Xunit;

namespace Percheron.Tests.Decoding;

public class RandomSourceTests
{
    private static Distribution Law(params float[] p)
    {
        var law = new Distribution();
        law.Fill(p.Length, out Span<int> tokens, out Span<float> probabilities);
        for (int i = 0; i < p.Length; i++) (tokens[i], probabilities[i]) = (10 + i, p[i]);
        return law;
    }

    [Fact]
    public void Position_noise_is_a_pure_function_of_seed_and_position()
    {
        var a = new PositionNoise(5);
        var b = new PositionNoise(5);
        Distribution law = Law(.2f, .3f, .5f);
        b.Accept(.5);
        b.Pick([1, 2]);
        Assert.Equal([.. Enumerable.Range(0, 50).Select(t => a.Draw(t, law))], Enumerable.Range(0, 50).Select(t => b.Draw(t, law)));
        Assert.Equal([.. Enumerable.Range(0, 50).Select(t => a.Draw(t, law))], Enumerable.Range(0, 50).Select(t => b.Fork().Draw(t, law)));
        Assert.NotEqual([.. Enumerable.Range(0, 50).Select(t => a.Draw(t, law))], Enumerable.Range(0, 50).Select(t => new PositionNoise(6).Draw(t, law)));
    }

    [Fact]
    public void Position_noise_is_an_exponential_race()
    {
        Distribution law = Law(.2f, .3f, .5f);
        var noise = new PositionNoise(99);
        for (int t = 0; t < 100; t++)
        {
            double[] times = [.. Enumerable.Range(0, 3).Select(i => -Math.Log(Philox.Uniform(99, (ulong)(10 + i), (ulong)t)) / law.Probabilities[i])];
            Assert.Equal(10 + Array.IndexOf(times, times.Min()), noise.Draw(t, law));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_draw_has_the_law(bool coupled)
    {
        RandomSource random = coupled ? new PositionNoise(3) : new SeededRandom(3);
        float[] p = [.05f, .15f, .3f, .5f];
        Distribution law = Law(p);
        const int n = 40_000;
        int[] seen = new int[4];
        for (int t = 0; t < n; t++) seen[random.Draw(t, law) - 10]++;
        double chi = seen.Select((s, i) => Math.Pow(s - (p[i] * n), 2) / (p[i] * n)).Sum();
        Assert.InRange(chi, 0, 21);      // 3 degrees of freedom, 1 in 10,000; fixed seed
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Draws_without_replacement_are_distinct_and_start_with_the_single_draw(bool coupled)
    {
        Distribution law = Law(.1f, .2f, .3f, .4f, 0f);
        int[] tokens = new int[6];
        for (int t = 0; t < 200; t++)
        {
            RandomSource one = coupled ? new PositionNoise((ulong)t) : new SeededRandom((ulong)t);
            RandomSource many = coupled ? new PositionNoise((ulong)t) : new SeededRandom((ulong)t);
            int count = many.Draw(t, law, tokens);
            Assert.Equal(4, count);                                     // the token of probability 0 is never drawn
            Assert.Equal(4, tokens.Take(count).Distinct().Count());
            Assert.Equal(one.Draw(t, law), tokens[0]);
        }
    }

    [Fact]
    public void A_source_keeps_its_numbers_apart_from_its_forks()
    {
        var random = new SeededRandom(1);
        var fork = (SeededRandom)random.Fork();
        Assert.NotEqual([.. Enumerable.Range(0, 20).Select(_ => random.Pick([1, 1, 1, 1]))], Enumerable.Range(0, 20).Select(_ => fork.Pick([1, 1, 1, 1])));
        Assert.Equal(42UL, RandomSource.DeriveSeed(42, 0));
        Assert.Equal(100, Enumerable.Range(0, 100).Select(i => RandomSource.DeriveSeed(42, i)).Distinct().Count());
    }

    [Fact]
    public void Certainty_is_certain()
    {
        var random = new SeededRandom(1);
        for (int i = 0; i < 1000; i++)
        {
            Assert.True(random.Accept(1));
            Assert.False(random.Accept(0));
            Assert.Equal(1, random.Pick([0, 3, 0]));
        }
        Assert.Throws<ArgumentException>(() => random.Pick([0, 0]));
    }
}
