using System.Runtime.InteropServices;

namespace Percheron.Codecs.Speech;

/// <summary>Triangular bands of equal width on the mel scale over the magnitudes of a spectrum, each a weighted mean, and the way back.</summary>
/// <remarks>Mel scale: 2595 · log10(1 + f ÷ 700). The way back is the non-negative solution of Lee and Seung's multiplicative updates (2001) from the interpolated envelope.</remarks>
public sealed class MelBands
{
    private readonly int[] _first;
    private readonly double[][] _weights;
    private readonly double[] _column, _guess, _bands;

    /// <exception cref="ArgumentException">The settings are not possible.</exception>
    public MelBands(MelSettings settings)
    {
        if (settings.Fault() is { } fault) throw new ArgumentException(fault + " is not possible", nameof(settings));
        (Count, Bins) = (settings.Bands, (settings.Transform / 2) + 1);
        (_first, _weights) = (new int[Count], new double[Count][]);
        (_column, _guess, _bands) = (new double[Bins], new double[Bins], new double[Count]);
        double low = Mel(settings.Lowest), step = (Mel(settings.Highest) - low) / (Count + 1), perBin = (double)settings.SampleRate / settings.Transform;
        for (int band = 0; band < Count; band++)
        {
            double left = Hertz(low + (band * step)) / perBin, centre = Hertz(low + ((band + 1) * step)) / perBin, right = Hertz(low + ((band + 2) * step)) / perBin;
            _weights[band] = Triangle(left, centre, right, Bins, out _first[band]);
            for (int i = 0; i < _weights[band].Length; i++) _column[_first[band] + i] += _weights[band][i];
        }
    }

    /// <summary>Number of bands.</summary>
    public int Count { get; }

    /// <summary>Frequencies of a spectrum.</summary>
    public int Bins { get; }

    /// <summary>Magnitudes [Bins] to bands [Count].</summary>
    public void Apply(ReadOnlySpan<double> magnitudes, Span<double> bands)
    {
        for (int band = 0; band < Count; band++)
        {
            double[] weights = _weights[band];
            double sum = 0;
            for (int i = 0; i < weights.Length; i++) sum += weights[i] * magnitudes[_first[band] + i];
            bands[band] = sum;
        }
    }

    /// <summary>Non-negative magnitudes [Bins] whose bands come near to those given [Count]. Not safe for several threads.</summary>
    /// <param name="bands">Band means, not negative.</param>
    /// <param name="magnitudes">Filled; zero outside of all bands.</param>
    /// <param name="rounds">Updates; none leaves the interpolated envelope.</param>
    public void Invert(ReadOnlySpan<double> bands, Span<double> magnitudes, int rounds = 20)
    {
        Spread(bands, magnitudes);
        for (int bin = 0; bin < Bins; bin++) magnitudes[bin] = _column[bin] > 0 ? magnitudes[bin] / _column[bin] : 0;
        Span<double> wanted = _guess;
        Spread(bands, wanted);
        double[] given = new double[Bins];
        for (int round = 0; round < rounds; round++)
        {
            Apply(magnitudes, _bands);
            Spread(_bands, given);
            for (int bin = 0; bin < Bins; bin++) magnitudes[bin] *= wanted[bin] / Math.Max(given[bin], 1e-12);
        }
    }

    // The transposed bands: every bin gets what its bands hold, by its weights.
    private void Spread(ReadOnlySpan<double> bands, Span<double> magnitudes)
    {
        magnitudes.Clear();
        for (int band = 0; band < Count; band++)
            for (int i = 0; i < _weights[band].Length; i++) magnitudes[_first[band] + i] += _weights[band][i] * bands[band];
    }

    private static double[] Triangle(double left, double centre, double right, int bins, out int first)
    {
        first = Math.Min((int)Math.Floor(left) + 1, bins - 1);
        int last = Math.Min((int)Math.Ceiling(right) - 1, bins - 1);
        List<double> weights = [];
        for (int bin = first; bin <= last; bin++) weights.Add(Math.Max(0, bin <= centre ? (bin - left) / (centre - left) : (right - bin) / (right - centre)));
        double total = 0;
        foreach (double weight in weights) total += weight;
        if (total <= 0)
        {
            // A band between two bins takes the nearer one.
            first = Math.Clamp((int)Math.Round(centre), 0, bins - 1);
            return [1];
        }
        foreach (ref double weight in CollectionsMarshal.AsSpan(weights)) weight /= total;
        return [.. weights];
    }

    private static double Mel(double hertz) => 2595 * Math.Log10(1 + (hertz / 700));

    private static double Hertz(double mel) => 700 * (Math.Pow(10, mel / 2595) - 1);
}
