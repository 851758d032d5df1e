namespace Percheron.Codecs.Speech;

/// <summary>
/// Windowed spectra of successive frames, and the sound whose spectra come nearest to given ones (windowed overlap-add). Frame t stands around the middle of its own hop, sample
/// t × Hop + Hop ÷ 2, so frames and samples cover the same time; before and after the sound is silence.
/// Source: Griffin and Lim, "Signal Estimation from Modified Short-Time Fourier Transform" (1984), equation 6.
/// </summary>
/// <remarks>Not safe for several threads. Spectra are divided by half the sum of the window: a sine of full scale has magnitude 1.</remarks>
public sealed class ShortTimeTransform
{
    private readonly MelSettings _settings;
    private readonly FourierTransform _fourier;
    private readonly double[] _window, _frame;
    private readonly double _gain;
    private double[] _weight = [];

    /// <exception cref="ArgumentException">The settings are not possible.</exception>
    public ShortTimeTransform(MelSettings settings)
    {
        if (settings.Fault() is { } fault) throw new ArgumentException(fault + " is not possible", nameof(settings));
        (_settings, _fourier) = (settings, new FourierTransform(settings.Transform));
        (_window, _frame) = (new double[settings.Window], new double[settings.Transform]);
        for (int i = 0; i < _window.Length; i++)
        {
            double sine = Math.Sin(Math.PI * (i + 0.5) / _window.Length);
            _window[i] = sine * sine;
            _gain += _window[i] / 2;
        }
    }

    /// <summary>Frequencies of a frame.</summary>
    public int Bins => _fourier.Bins;

    /// <summary>Frames of so many samples; the last hop may be begun only.</summary>
    public int Frames(int samples) => (samples + _settings.Hop - 1) / _settings.Hop;

    /// <summary>Writes the spectra of a sound into <paramref name="spectra"/>, as many frames as there are in it.</summary>
    public void Forward(ReadOnlySpan<float> samples, Spectrogram spectra)
    {
        for (int t = 0; t < spectra.Frames; t++)
        {
            int start = Start(t), first = Math.Max(0, -start), end = Math.Min(_window.Length, samples.Length - start);
            Array.Clear(_frame);
            for (int i = first; i < end; i++) _frame[i] = samples[start + i] * _window[i] / _gain;
            _fourier.Forward(_frame, spectra.Re.Slice(t * Bins, Bins), spectra.Im.Slice(t * Bins, Bins));
        }
    }

    /// <summary>Writes the sound whose spectra are nearest in the sense of least squares.</summary>
    /// <param name="spectra">The spectra asked for; need not be those of any sound.</param>
    /// <param name="samples">[frames × Hop]</param>
    public void Inverse(Spectrogram spectra, Span<float> samples)
    {
        if (_weight.Length < samples.Length) _weight = new double[samples.Length];
        Array.Clear(_weight, 0, samples.Length);
        samples.Clear();
        for (int t = 0; t < spectra.Frames; t++)
        {
            _fourier.Inverse(spectra.Re.Slice(t * Bins, Bins), spectra.Im.Slice(t * Bins, Bins), _frame);
            int start = Start(t), first = Math.Max(0, -start), end = Math.Min(_window.Length, samples.Length - start);
            for (int i = first; i < end; i++)
            {
                samples[start + i] += (float)(_frame[i] * _window[i] * _gain);
                _weight[start + i] += _window[i] * _window[i];
            }
        }
        for (int i = 0; i < samples.Length; i++) samples[i] /= (float)Math.Max(_weight[i], 1e-6);
    }

    private int Start(int frame) => (frame * _settings.Hop) + ((_settings.Hop - _settings.Window) / 2);
}
