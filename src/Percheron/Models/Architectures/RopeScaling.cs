namespace Percheron.Models.Architectures;

/// <summary>The static ways of stretching a rotary embedding beyond the context it was trained for; each gives radians per position of every pair.</summary>
/// <remarks>Source: Su et al. 2021, "RoFormer", §3.2.2; Chen et al. 2023, "Position Interpolation"; Peng et al. 2023, "YaRN", §3; Dubey et al. 2024, "The Llama 3 Herd of Models", §3.2.</remarks>
internal sealed record RopeScaling
{
    /// <summary>The base whose powers are the wave lengths.</summary>
    public required double Base { get; init; }

    /// <summary>Values of a head that are rotated.</summary>
    public required int Dimensions { get; init; }

    /// <summary>How many times longer the context shall be.</summary>
    public required double Factor { get; init; }

    /// <summary>Context of the training that knew no scaling.</summary>
    public required int OriginalContext { get; init; }

    /// <summary>Parameters of YaRN.</summary>
    /// <param name="Extrapolation">Share of the fast pairs that stays unscaled; 0 is plain interpolation.</param>
    /// <param name="Attention">Magnitude where <paramref name="Extrapolation"/> is 0.</param>
    /// <param name="BetaFast">Turns within the original context from which a pair is fast.</param>
    /// <param name="BetaSlow">Turns below which a pair is slow.</param>
    /// <param name="LogMultiplier">Weight of the logarithm in the magnitude that is divided out again; 0 = none.</param>
    public readonly record struct Yarn(double Extrapolation, double Attention, double BetaFast, double BetaSlow, double LogMultiplier);

    public double[] Unscaled() => Frequencies(Base, 1);

    /// <summary>Position interpolation: every pair turns slower by the factor.</summary>
    public double[] Linear() => Frequencies(Base, Factor);

    /// <summary>Static NTK: a larger base, so that the slowest pair is stretched by the factor and the fastest not at all.</summary>
    public double[] Ntk() => Frequencies(Dimensions > 2 ? Base * Math.Pow(Factor, Dimensions / (Dimensions - 2.0)) : Base, 1);

    /// <summary>YaRN: fast pairs as trained, slow pairs interpolated, a ramp between.</summary>
    /// <param name="yarn">Where the ramp lies.</param>
    /// <param name="divisors">Factors of the file that divide the unscaled frequencies first, or null.</param>
    public double[] Blend(Yarn yarn, double[]? divisors)
    {
        double low = Math.Max(0, Math.Floor(Dimension(yarn.BetaFast))), high = Math.Min(Dimensions - 1, Math.Ceiling(Dimension(yarn.BetaSlow)));
        double[] frequencies = Unscaled();
        for (int i = 0; i < frequencies.Length; i++)
        {
            double kept = frequencies[i] / (divisors?[i] ?? 1);
            double mix = (1 - Math.Clamp((i - low) / Math.Max(0.001, high - low), 0, 1)) * yarn.Extrapolation;
            frequencies[i] = kept / Factor * (1 - mix) + kept * mix;
        }
        return frequencies;

        // The pair that makes the given number of turns within the original context.
        double Dimension(double turns) => Dimensions * Math.Log(OriginalContext / (turns * 2 * Math.PI)) / (2 * Math.Log(Base));
    }

    /// <summary>How much longer YaRN makes queries and keys (the temperature of its attention).</summary>
    public double YarnMagnitude(Yarn yarn)
    {
        if (yarn.Extrapolation == 0) return yarn.Attention;
        return Magnitude(1) / (yarn.LogMultiplier == 0 ? 1 : Magnitude(yarn.LogMultiplier));

        double Magnitude(double weight) => Factor <= 1 ? 1 : 0.1 * weight * Math.Log(Factor) + 1;
    }

    /// <summary>Llama 3.1: waves shorter than a share of the original context stay, long ones are interpolated, a smooth change between.</summary>
    /// <param name="lowFactor">Original context over the longest wave that is not fully interpolated.</param>
    /// <param name="highFactor">Original context over the longest wave that stays.</param>
    public double[] Llama3(double lowFactor, double highFactor)
    {
        double[] frequencies = Unscaled();
        for (int i = 0; i < frequencies.Length; i++)
        {
            double turns = OriginalContext * frequencies[i] / (2 * Math.PI);
            double smooth = highFactor == lowFactor ? (turns < lowFactor ? 0 : 1) : Math.Clamp((turns - lowFactor) / (highFactor - lowFactor), 0, 1);
            frequencies[i] = (1 - smooth) * frequencies[i] / Factor + smooth * frequencies[i];
        }
        return frequencies;
    }

    /// <summary>The magnitude that goes with long factors: √(1 + ln s / ln original), s the ratio of the contexts.</summary>
    public static double LongMagnitude(int context, int original) =>
        context <= original || original < 2 ? 1 : Math.Sqrt(1 + Math.Log((double)context / original) / Math.Log(original));

    private double[] Frequencies(double rotationBase, double factor)
    {
        double[] frequencies = new double[Dimensions / 2];
        for (int i = 0; i < frequencies.Length; i++) frequencies[i] = Math.Pow(rotationBase, -2.0 * i / Dimensions) / factor;
        return frequencies;
    }
}
