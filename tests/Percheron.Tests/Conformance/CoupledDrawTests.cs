using Percheron.Decoding;
using Percheron.Tests.Verifiers;
using Xunit;

namespace Percheron.Tests.Conformance;

/// <summary>
/// The law of one coupled draw. Of independent exponential times with rates p(x) the first is x with probability p(x): an identity, so what can be wrong is the noise (not
/// uniform, not independent) and the race (not the least of −log U / p). Both are checked.
/// </summary>
public class CoupledDrawTests
{
    private static readonly double[] Probabilities = [0.4, 0.25, 0.2, 0.1, 0.045, 0.005];

    [Fact]
    public void The_draw_is_the_first_of_the_exponential_times()
    {
        for (ulong seed = 0; seed < 500; seed++)
        {
            Distribution law = OneStep.Distribution(OneStep.Random(9, seed));
            int position = (int)(seed * 37 % 1000);
            double[] times = [.. Enumerable.Range(0, 9).Select(x => -Math.Log(Philox.Uniform(seed, (ulong)x, (ulong)position)) / law[x])];
            Assert.Equal(Array.IndexOf(times, times.Min()), new PositionNoise(seed).Draw(position, law));

            var order = new int[9];
            Assert.Equal(9, new PositionNoise(seed).Draw(position, law, order));
            int[] expected = [.. Enumerable.Range(0, 9).OrderBy(x => times[x])];
            Assert.Equal(expected, order);
        }
    }

    [Fact]
    public void A_token_keeps_its_noise_whatever_else_the_law_holds()
    {
        for (ulong seed = 0; seed < 200; seed++)
        {
            var noise = new PositionNoise(seed);
            int full = noise.Draw(3, OneStep.Distribution(Probabilities));
            double[] without = [.. Probabilities.Select((p, x) => x == (full + 1) % 6 ? 0 : p)];
            Assert.Equal(full, noise.Draw(3, OneStep.Distribution(without)));   // a loser is taken out: the winner stays
            Assert.Equal(full, noise.Draw(3, OneStep.Distribution([.. Probabilities.Select(p => p / 2)])));
        }
    }

    [Fact]
    public void Over_seeds_and_over_positions_the_frequencies_are_the_law()
    {
        const int N = 200_000;
        Distribution law = OneStep.Distribution(Probabilities);
        var overSeeds = new double[6];
        var overPositions = new double[6];
        var pairs = new double[36];
        var one = new PositionNoise(12345);
        int before = 0;
        for (int i = 0; i < N; i++)
        {
            overSeeds[new PositionNoise((ulong)i).Draw(17, law)]++;
            int token = one.Draw(i, law);
            overPositions[token]++;
            if (i % 2 == 1) pairs[(before * 6) + token]++;
            before = token;
        }
        // 5 and 35 degrees of freedom; the bounds leave one in a million.
        Assert.InRange(ChiSquare(overSeeds, Probabilities, N), 0.01, 36);
        Assert.InRange(ChiSquare(overPositions, Probabilities, N), 0.01, 36);
        Assert.InRange(ChiSquare(pairs, [.. Probabilities.SelectMany(p => Probabilities.Select(q => p * q))], N / 2), 8, 90);
    }

    [Fact]
    public void The_noise_is_uniform()
    {
        const int N = 100_000;
        var values = new double[N];
        for (int i = 0; i < N; i++) values[i] = Philox.Uniform(99, (ulong)(i % 331), (ulong)(i / 331));
        Array.Sort(values);
        double most = values.Select((v, i) => Math.Abs(v - ((i + 0.5) / N))).Max();
        Assert.True(most * Math.Sqrt(N) < 2.2, $"Kolmogorov–Smirnov {most * Math.Sqrt(N)}");
        Assert.InRange(values[0], double.Epsilon, 1e-3);
        Assert.InRange(values[^1], 1 - 1e-3, 1);
    }

    private static double ChiSquare(double[] seen, double[] law, int count) => seen.Zip(law, (s, p) => Math.Pow(s - (p * count), 2) / (p * count)).Sum();
}
