using Percheron.Codecs.Speech;
using Xunit;

namespace Percheron.Tests.Codecs.Speech;

public class ResidualQuantizerTests
{
    [Fact]
    public void Codes_of_a_sum_of_codewords_are_those_codewords()
    {
        // Each book ten times as fine as the one before: greedy search finds the sum.
        var quantizer = new ResidualQuantizer(2, 3, [.. Enumerable.Range(0, 3).SelectMany(book => (float[])[1, 0, 0, 1, -1, 0, 0, -1]).Select((value, i) => value * MathF.Pow(0.1f, i / 8))]);
        Assert.Equal((4, 3), (quantizer.Codes, quantizer.Books));
        int[] codes = new int[3];
        foreach (int wanted in Enumerable.Range(0, 64))
        {
            int[] asked = [wanted % 4, wanted / 4 % 4, wanted / 16];
            float[] sum = new float[2];
            for (int book = 0; book < 3; book++) quantizer.Add(book, asked[book], sum);
            float error = quantizer.Encode(sum, codes);
            Assert.Equal(asked, codes);
            Assert.InRange(error, -1e-6, 1e-6);
        }
    }

    [Fact]
    public void More_paths_never_end_farther_away_on_the_whole_and_all_paths_find_the_best()
    {
        var quantizer = new ResidualQuantizer(3, 2, [.. Enumerable.Range(0, 2 * 8 * 3).Select(i => (float)Math.Sin(i * i * 0.37))]);
        double one = 0, some = 0, all = 0, best = 0;
        int[] codes = new int[2];
        for (int n = 0; n < 200; n++)
        {
            float[] vector = [(float)Math.Sin(n * 1.3), (float)Math.Cos(n * 0.7), (float)Math.Sin(n * 2.9)];
            one += quantizer.Encode(vector, codes);
            some += quantizer.Encode(vector, codes, paths: 3);
            all += quantizer.Encode(vector, codes, paths: 64);
            best += Enumerable.Range(0, 64).Min(pair => Distance(quantizer, vector, pair / 8, pair % 8));
        }
        Assert.True(some < one);
        Assert.Equal(best, all, 1e-3);
    }

    [Fact]
    public void Words_must_divide_into_books()
    {
        Assert.Throws<ArgumentException>(() => new ResidualQuantizer(3, 2, new float[13]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ResidualQuantizer(3, 2, new float[12]).Add(2, 0, new float[3]));
    }

    private static double Distance(ResidualQuantizer quantizer, float[] vector, int first, int second)
    {
        float[] sum = new float[3];
        quantizer.Add(0, first, sum);
        quantizer.Add(1, second, sum);
        return vector.Zip(sum).Sum(pair => Math.Pow(pair.First - pair.Second, 2));
    }
}
