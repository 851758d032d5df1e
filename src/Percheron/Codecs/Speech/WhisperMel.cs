namespace Percheron.Codecs.Speech;

/// <summary>
/// Log-mel frames as Whisper hears them: powers of a Hann window's spectrum in triangular bands of equal area (the mel scale of Slaney's Auditory Toolbox), their decimal logarithms, at most 8 below the
/// greatest, (x + 4) ÷ 4.
/// Source: Radford et al. 2022, "Robust Speech Recognition via Large-Scale Weak Supervision", §2.2.
/// </summary>
/// <remarks>Safe for several threads. The length of a window need not be a power of two, so its spectrum is computed as it is defined.</remarks>
public sealed class WhisperMel
{
    private const double Least = 1e-10, Depth = 8;

    // The mel scale is linear to 1 kHz, 15 mels, and logarithmic beyond.
    private const double LinearHertz = 200.0 / 3, Bend = 1000, BendMels = 15, Octaves = 6.4, OctaveMels = 27;

    private readonly double[] _window, _cos, _sin;
    private readonly (int First, double[] Weights)[] _bands;
    private readonly int _half;

    /// <exception cref="ArgumentException">The settings are not possible.</exception>
    public WhisperMel(WhisperMelSettings settings)
    {
        if (settings.Fault() is { } fault) throw new ArgumentException(fault + " is not possible", nameof(settings));
        Settings = settings;
        int size = settings.Window;
        (_half, _window, _cos, _sin) = (size / 2, new double[size], new double[size], new double[size]);
        for (int i = 0; i < size; i++)
        {
            (_sin[i], _cos[i]) = Math.SinCos(2 * Math.PI * i / size);
            _window[i] = 0.5 - (0.5 * _cos[i]);
        }
        _bands = [.. Enumerable.Range(0, settings.Bands).Select(Band)];
    }

    /// <summary>What frames are made of.</summary>
    public WhisperMelSettings Settings { get; }

    /// <summary>Frames of so many samples, one at least.</summary>
    public int Frames(int samples) => Settings.Padded > 0 ? Settings.Padded : Math.Max(1, samples / Settings.Hop);

    /// <summary>The frames of a sound [Frames, Bands], brought to the settings' rate; what lies beyond a padded recording is not heard.</summary>
    public float[] Of(Waveform sound) => Of(sound.At(Settings.SampleRate).Samples);

    /// <summary>The frames of a sound in parts of at most so many frames each, one at least; each is heard by itself.</summary>
    public IReadOnlyList<float[]> Parts(Waveform sound, int mostFrames)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(mostFrames, Math.Max(1, Settings.Padded));
        ReadOnlySpan<float> samples = sound.At(Settings.SampleRate).Samples;
        int most = (Settings.Padded > 0 ? Settings.Padded : mostFrames) * Settings.Hop;
        List<float[]> parts = [];
        do
        {
            int length = Math.Min(most, samples.Length);
            parts.Add(Of(samples[..length]));
            samples = samples[length..];
        }
        while (samples.Length > 0);
        return parts;
    }

    /// <summary>The frames of samples at the settings' rate [Frames, Bands].</summary>
    public float[] Of(ReadOnlySpan<float> samples)
    {
        int frames = Frames(samples.Length), bands = _bands.Length, whole = Settings.Padded * Settings.Hop;
        if (whole > 0) samples = samples[..Math.Min(samples.Length, whole)];
        double[] values = new double[frames * bands], sums = new double[_half + 1], differences = new double[_half + 1], powers = new double[_half + 1];
        double most = double.NegativeInfinity;
        for (int frame = 0; frame < frames; frame++)
        {
            Fold(samples, Math.Max(whole, samples.Length), (frame * Settings.Hop) - _half, sums, differences);
            Powers(sums, differences, powers);
            for (int band = 0; band < bands; band++)
            {
                double value = Math.Log10(Math.Max(Least, Sum(_bands[band], powers)));
                most = Math.Max(most, values[(frame * bands) + band] = value);
            }
        }
        return [.. values.Select(value => (float)((Math.Max(value, most - Depth) + 4) / 4))];
    }

    // A window of a real signal as sums and differences of the samples that a cosine, and a sine, treats alike. Before its begin and behind its end the sound is mirrored.
    private void Fold(ReadOnlySpan<float> samples, int length, int start, Span<double> sums, Span<double> differences)
    {
        (sums[0], sums[_half]) = (At(samples, length, start) * _window[0], At(samples, length, start + _half) * _window[_half]);
        for (int i = 1; i < _half; i++)
        {
            double left = At(samples, length, start + i) * _window[i], right = At(samples, length, start + _window.Length - i) * _window[_window.Length - i];
            (sums[i], differences[i]) = (left + right, left - right);
        }
    }

    private void Powers(ReadOnlySpan<double> sums, ReadOnlySpan<double> differences, Span<double> powers)
    {
        int size = _window.Length;
        for (int bin = 0; bin <= _half; bin++)
        {
            double re = sums[0], im = 0;
            for (int i = 1, at = bin; i < _half; i++, at = at + bin < size ? at + bin : at + bin - size)
            {
                re += sums[i] * _cos[at];
                im += differences[i] * _sin[at];
            }
            re += (bin & 1) == 0 ? sums[_half] : -sums[_half];
            powers[bin] = (re * re) + (im * im);
        }
    }

    private static double At(ReadOnlySpan<float> samples, int length, int index)
    {
        if (index < 0) index = -index;
        else if (index >= length) index = (2 * (length - 1)) - index;
        return (uint)index < (uint)samples.Length ? samples[index] : 0;
    }

    private static double Sum((int First, double[] Weights) band, ReadOnlySpan<double> powers)
    {
        double sum = 0;
        for (int i = 0; i < band.Weights.Length; i++) sum += band.Weights[i] * powers[band.First + i];
        return sum;
    }

    private (int First, double[] Weights) Band(int band)
    {
        double step = Mel(Settings.SampleRate / 2.0) / (Settings.Bands + 1), perBin = (double)Settings.SampleRate / Settings.Window;
        double left = Hertz(band * step), centre = Hertz((band + 1) * step), right = Hertz((band + 2) * step);
        int first = Math.Min(_half, (int)Math.Ceiling(left / perBin)), last = Math.Min(_half, (int)Math.Floor(right / perBin));
        double[] weights = new double[Math.Max(0, last - first + 1)];
        for (int i = 0; i < weights.Length; i++)
        {
            double hertz = (first + i) * perBin;
            weights[i] = Math.Max(0, Math.Min((hertz - left) / (centre - left), (right - hertz) / (right - centre))) * 2 / (right - left);
        }
        return (first, weights);
    }

    private static double Mel(double hertz) => hertz < Bend ? hertz / LinearHertz : BendMels + (OctaveMels * Math.Log(hertz / Bend) / Math.Log(Octaves));

    private static double Hertz(double mel) => mel < BendMels ? mel * LinearHertz : Bend * Math.Pow(Octaves, (mel - BendMels) / OctaveMels);
}
