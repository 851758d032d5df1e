namespace Percheron.Models.Widening;

/// <summary>Splits weights into unequal shares, by a hash: the same file is widened to the same bytes every time.</summary>
internal static class Shares
{
    /// <summary>Writes copy after copy of <paramref name="weights"/> into <paramref name="wide"/> [copies · weights.Length], so that the copies of each weight add up to it.</summary>
    public static void Split(ReadOnlySpan<float> weights, Span<float> wide, int copies, ulong seed)
    {
        int columns = weights.Length;
        ulong state = Mix(seed);
        for (int column = 0; column < columns; column++)
        {
            // Between half and one and a half before they are brought to the sum, so that no copy is idle.
            float sum = 0;
            for (int copy = 0; copy < copies; copy++)
            {
                state += 0x9E3779B97F4A7C15;
                float share = 0.5f + ((Mix(state) >> 40) * (1f / (1 << 24)));
                wide[(copy * columns) + column] = share;
                sum += share;
            }
            float scale = weights[column] / sum;
            for (int copy = 0; copy < copies; copy++) wide[(copy * columns) + column] *= scale;
        }
    }

    /// <summary>The mixing step of SplitMix64.</summary>
    /// <remarks>Source: Steele, Lea and Flood 2014, "Fast Splittable Pseudorandom Number Generators", figure 16.</remarks>
    public static ulong Mix(ulong state)
    {
        state = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
        state = (state ^ (state >> 27)) * 0x94D049BB133111EB;
        return state ^ (state >> 31);
    }
}
