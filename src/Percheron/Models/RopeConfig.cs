using Percheron.Kernels;

namespace Percheron.Models;

/// <summary>
/// A rotary position embedding with its scaling worked in: pair i of a head at position p is turned by p · <see cref="Frequencies"/>[i] and lengthened
/// by <see cref="Magnitude"/>. Every static scaling (linear, NTK, YaRN, llama-3, long factors) is a choice of these numbers.
/// </summary>
public sealed class RopeConfig
{
    /// <summary>Which values form a pair.</summary>
    public required RopeLayout Layout { get; init; }

    /// <summary>Radians per position of each pair.</summary>
    public required double[] Frequencies { get; init; }

    /// <summary>Factor on cosine and sine.</summary>
    public double Magnitude { get; init; } = 1;

    /// <summary>Values of a head that are rotated, the first ones; the others pass.</summary>
    public int Dimensions => 2 * Frequencies.Length;
}
