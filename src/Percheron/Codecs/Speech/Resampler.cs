namespace Percheron.Codecs.Speech;

/// <summary>
/// Changes the sample rate by a band-limited interpolation: a sinc with a Kaiser window, below half of the lower of both rates.
/// Source: Smith, "Digital Audio Resampling" (the table of the kernel and its linear interpolation).
/// </summary>
public static class Resampler
{
    private const int Crossings = 24, PerCrossing = 512;
    private const double KaiserBeta = 9, Rolloff = 0.94;
    private static readonly double[] Kernel = MakeKernel();

    /// <summary>Sound of as long a time at another rate; <c>samples × to ÷ from</c> samples, rounded up.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A rate is not positive, or the result is too long for an array.</exception>
    public static float[] Resample(ReadOnlySpan<float> samples, int from, int to)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(from);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(to);
        if (from == to) return samples.ToArray();
        long length = (((long)samples.Length * to) + from - 1) / from;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Array.MaxLength, nameof(samples));
        double cutoff = Rolloff * Math.Min(1.0, (double)to / from), reach = Crossings / cutoff;
        float[] result = new float[length];
        for (long i = 0; i < length; i++)
        {
            // Position among the input samples, exact to the last step: whole numbers first.
            long product = i * from;
            double at = (product / to) + ((double)(product % to) / to);
            int first = (int)Math.Max(0, Math.Ceiling(at - reach)), last = (int)Math.Min(samples.Length - 1, Math.Floor(at + reach));
            double sum = 0;
            for (int k = first; k <= last; k++) sum += samples[k] * At(Math.Abs(at - k) * cutoff);
            result[i] = (float)(sum * cutoff);
        }
        return result;
    }

    private static double At(double distance)
    {
        double place = distance * PerCrossing;
        int index = (int)place;
        if (index >= Kernel.Length - 1) return 0;
        return Kernel[index] + ((place - index) * (Kernel[index + 1] - Kernel[index]));
    }

    private static double[] MakeKernel()
    {
        double[] kernel = new double[(Crossings * PerCrossing) + 1];
        kernel[0] = 1;
        for (int i = 1; i < kernel.Length; i++)
        {
            double x = Math.PI * i / PerCrossing, edge = (double)i / (kernel.Length - 1);
            kernel[i] = Math.Sin(x) / x * Bessel(KaiserBeta * Math.Sqrt(1 - (edge * edge))) / Bessel(KaiserBeta);
        }
        return kernel;
    }

    // The modified Bessel function of order 0, by its series.
    private static double Bessel(double x)
    {
        double sum = 1, term = 1;
        for (int k = 1; term > 1e-16 * sum; k++) sum += term *= x * x / (4.0 * k * k);
        return sum;
    }
}
