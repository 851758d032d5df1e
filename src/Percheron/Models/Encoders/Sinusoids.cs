namespace Percheron.Models.Encoders;

/// <summary>Positions as sines in the first half of a vector and cosines in the second, of periods from 2π to 20,000π.</summary>
/// <remarks>Source: Vaswani et al. 2017, §3.5, in the order of Radford et al. 2022.</remarks>
public static class Sinusoids
{
    private const double Slowest = 10_000;

    /// <summary>The positions 0 … count − 1 [count, width]; <paramref name="width"/> is even, 4 at least.</summary>
    public static float[] Of(int count, int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 4);
        int half = width / 2;
        float[] table = new float[count * width];
        for (int position = 0; position < count; position++)
        {
            for (int i = 0; i < half; i++)
            {
                double angle = position / Math.Pow(Slowest, i / (half - 1.0));
                (table[(position * width) + i], table[(position * width) + half + i]) = ((float)Math.Sin(angle), (float)Math.Cos(angle));
            }
        }
        return table;
    }
}
