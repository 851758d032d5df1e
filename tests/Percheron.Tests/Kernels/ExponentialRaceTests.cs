using Percheron.Kernels;
using Xunit;

namespace Percheron.Tests.Kernels;

[Collection(nameof(Levels))]
public sealed class ExponentialRaceTests
{
    private static (int[] Tokens, float[] Probabilities) Law(int count, int seed, double sharpness)
    {
        Random random = new(seed);
        float[] p = [.. Enumerable.Range(0, count).Select(_ => (float)Math.Pow(random.NextDouble(), sharpness))];
        if (count > 2) p[count / 2] = 0;
        float sum = p.Sum();
        int next = random.Next(3);
        int[] tokens = [.. Enumerable.Range(0, count).Select(_ => next += 1 + random.Next(2000))];
        return (tokens, [.. p.Select(v => v / sum)]);
    }

    // The definition: every time by itself.
    private static int[] Expected(ulong key, ulong position, int[] tokens, float[] p, int wanted) =>
        [.. Enumerable.Range(0, tokens.Length).Where(i => p[i] > 0).OrderBy(i => -Math.Log(Philox4x32.Uniform(key, (uint)tokens[i], position)) / p[i]).Take(wanted)];

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void The_winners_are_those_of_computing_every_time(int wanted)
    {
        foreach (int count in new[] { 1, 2, 15, 16, 17, 40, 1000, 20_000 })
            foreach (double sharpness in new[] { 0, 1.0, 20 })
            {
                (int[] tokens, float[] p) = Law(count, count, sharpness);
                for (ulong t = 0; t < (count > 1000 ? 3ul : 40ul); t++)
                {
                    ulong key = t * 0x9E3779B97F4A7C15, position = t * 77_777_777_777;
                    int[] expected = Expected(key, position, tokens, p, wanted);
                    Levels.ForEach(level =>
                    {
                        int[] winners = new int[wanted];
                        int found = ExponentialRace.First(key, position, tokens, p, winners, new double[wanted]);
                        Assert.True(expected.AsSpan().SequenceEqual(winners.AsSpan(0, found)), $"{level}: {count} tokens, position {position}: {string.Join(' ', winners)}, expected {string.Join(' ', expected)}");
                    });
                }
            }
    }

    [Fact]
    public void Nobody_arrives_without_probability() => Levels.ForEach(_ =>
    {
        Assert.Equal(0, ExponentialRace.First(1, 2, [3, 4], [0f, 0f], new int[2], new double[2]));
        Assert.Equal(0, ExponentialRace.First(1, 2, [], [], new int[2], new double[2]));
        Assert.Equal(0, ExponentialRace.First(1, 2, [3], [1f], [], []));
        float[] p = new float[40];
        p[33] = float.Epsilon;
        int[] winner = new int[1];
        Assert.Equal(1, ExponentialRace.First(1, 2, [.. Enumerable.Range(0, 40)], p, winner, new double[1]));
        Assert.Equal(33, winner[0]);
    });
}
