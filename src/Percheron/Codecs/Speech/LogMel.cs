namespace Percheron.Codecs.Speech;

/// <summary>Log-mel frames of a sound: the natural logarithms of band magnitudes, one frame per hop.</summary>
/// <remarks>Not safe for several threads.</remarks>
public sealed class LogMel
{
    private readonly ShortTimeTransform _transform;
    private readonly MelBands _bands;
    private readonly double[] _magnitudes, _values;

    /// <exception cref="ArgumentException">The settings are not possible.</exception>
    public LogMel(MelSettings settings)
    {
        (Settings, _transform, _bands) = (settings, new ShortTimeTransform(settings), new MelBands(settings));
        (_magnitudes, _values) = (new double[_bands.Bins], new double[_bands.Count]);
        Silence = MathF.Log(settings.Floor);
    }

    /// <summary>What frames are made of.</summary>
    public MelSettings Settings { get; }

    /// <summary>The value of a band in which nothing sounds; no value is lower.</summary>
    public float Silence { get; }

    /// <summary>Frames of so many samples.</summary>
    public int Frames(int samples) => _transform.Frames(samples);

    /// <summary>The frames of a sound at the settings' rate, [Frames(samples), Bands].</summary>
    public float[] Of(ReadOnlySpan<float> samples)
    {
        Spectrogram spectra = new(Frames(samples.Length), _bands.Bins);
        _transform.Forward(samples, spectra);
        float[] frames = new float[spectra.Frames * _bands.Count];
        for (int t = 0; t < spectra.Frames; t++)
        {
            ReadOnlySpan<double> re = spectra.Re.Slice(t * _bands.Bins, _bands.Bins), im = spectra.Im.Slice(t * _bands.Bins, _bands.Bins);
            for (int bin = 0; bin < _magnitudes.Length; bin++) _magnitudes[bin] = Math.Sqrt((re[bin] * re[bin]) + (im[bin] * im[bin]));
            _bands.Apply(_magnitudes, _values);
            for (int band = 0; band < _values.Length; band++) frames[(t * _values.Length) + band] = MathF.Log(Math.Max((float)_values[band], Settings.Floor));
        }
        return frames;
    }
}
