namespace Percheron.Kernels;

/// <summary>
/// Philox4x32-10, the first 64 of its 128 bits.
/// Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
/// </summary>
internal static class Philox4x32
{
    public const uint M0 = 0xD2511F53, M1 = 0xCD9E8D57, W0 = 0x9E3779B9, W1 = 0xBB67AE85;
    public const int Rounds = 10;

    /// <summary>64 random bits for a 64-bit key and a 128-bit counter.</summary>
    public static ulong Bits(ulong key, ulong low, ulong high)
    {
        uint c0 = (uint)low, c1 = (uint)(low >> 32), c2 = (uint)high, c3 = (uint)(high >> 32);
        uint k0 = (uint)key, k1 = (uint)(key >> 32);
        for (int round = 0; round < Rounds; round++)
        {
            ulong p0 = (ulong)M0 * c0, p1 = (ulong)M1 * c2;
            (c0, c1, c2, c3) = ((uint)(p1 >> 32) ^ c1 ^ k0, (uint)p1, (uint)(p0 >> 32) ^ c3 ^ k1, (uint)p0);
            k0 += W0;
            k1 += W1;
        }
        return c0 | ((ulong)c1 << 32);
    }

    /// <summary>A uniform number in (0, 1]: 53 bits, never 0.</summary>
    public static double Uniform(ulong key, ulong low, ulong high) => ((Bits(key, low, high) >> 11) + 1) * (1.0 / (1UL << 53));
}
