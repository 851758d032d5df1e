namespace Percheron.Training.Corpus;

/// <summary>
/// A 64-bit random sequence whose whole state is one number.
/// Source: Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators" (2014).
/// </summary>
public static class SplitMix
{
    /// <summary>The next 64 bits; advances the state.</summary>
    public static ulong Next(ref ulong state)
    {
        ulong z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>The numbers below <paramref name="count"/> in the order of an epoch.</summary>
    public static int[] Order(int count, ulong seed, long epoch)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        ulong state = seed + unchecked((ulong)epoch * 0x9E3779B97F4A7C15);
        for (int i = order.Length - 1; i > 0; i--)
        {
            int j = (int)(Next(ref state) % (ulong)(i + 1));
            (order[i], order[j]) = (order[j], order[i]);
        }
        return order;
    }
}
