using Percheron.Kernels;

namespace Percheron.Decoding;

/// <summary>
/// Philox4x32-10: a counter-based generator. The numbers are a pure function of key and counter, so noise can be addressed instead of drawn in order.
/// Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
/// </summary>
public static class Philox
{
    /// <summary>64 random bits for a 64-bit key and a 128-bit counter.</summary>
    public static ulong Bits(ulong key, ulong low, ulong high) => Philox4x32.Bits(key, low, high);

    /// <summary>A uniform number in (0, 1]: 53 bits, never 0, so its logarithm is finite.</summary>
    public static double Uniform(ulong key, ulong low, ulong high) => Philox4x32.Uniform(key, low, high);
}
