using Percheron.Kernels;

namespace Percheron.Codecs.Speech;

/// <summary>
/// Sound from log-mel frames without a network: magnitudes by the bands' way back, phases by going to and fro between spectra and sound, with momentum.
/// Source: Griffin and Lim (1984); Perraudin, Balazs and Søndergaard, "A fast Griffin-Lim algorithm" (2013).
/// </summary>
/// <remarks>The same frames always give the same bits: first phases follow from frame and bin, and there is one thread. Not safe for several threads.</remarks>
public sealed class GriffinLim
{
    private readonly MelSettings _settings;
    private readonly ShortTimeTransform _transform;
    private readonly MelBands _bands;
    private readonly int _rounds;
    private readonly double _momentum;

    /// <param name="settings">What the frames are made of.</param>
    /// <param name="rounds">Rounds; each costs two transforms of a frame.</param>
    /// <param name="momentum">How far a round goes beyond its own result; 0 is the plain algorithm.</param>
    /// <exception cref="ArgumentException">The settings are not possible.</exception>
    public GriffinLim(MelSettings settings, int rounds = 32, double momentum = 0.99)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rounds, 1);
        if (!(momentum is >= 0 and < 2)) throw new ArgumentOutOfRangeException(nameof(momentum), momentum, "momentum is 0 (none) to below 2");
        (_settings, _rounds, _momentum) = (settings, rounds, momentum);
        (_transform, _bands) = (new ShortTimeTransform(settings), new MelBands(settings));
    }

    /// <summary>The sound of log-mel frames [frames, Bands]: frames × Hop samples.</summary>
    public float[] Sound(ReadOnlySpan<float> frames)
    {
        int count = frames.Length / _bands.Count;
        float[] samples = new float[count * _settings.Hop];
        if (count == 0) return samples;
        double[] magnitudes = Magnitudes(frames, count);
        Spectrogram current = new(count, _bands.Bins), before = new(count, _bands.Bins), wanted = new(count, _bands.Bins);
        FirstPhases(current);
        for (int round = 0; ; round++)
        {
            Impose(magnitudes, current, wanted);
            _transform.Inverse(wanted, samples);
            if (round == _rounds) return samples;
            // What was reached the round before waits in `before`; the result replaces it and `current` goes beyond both.
            _transform.Forward(samples, wanted);
            Advance(wanted.Re, before.Re, current.Re, round > 0);
            Advance(wanted.Im, before.Im, current.Im, round > 0);
        }
    }

    private void Advance(ReadOnlySpan<double> reached, Span<double> before, Span<double> next, bool hasBefore)
    {
        for (int i = 0; i < reached.Length; i++)
        {
            next[i] = hasBefore ? reached[i] + (_momentum * (reached[i] - before[i])) : reached[i];
            before[i] = reached[i];
        }
    }

    private static void Impose(double[] magnitudes, Spectrogram phases, Spectrogram spectra)
    {
        Span<double> re = spectra.Re, im = spectra.Im;
        ReadOnlySpan<double> fromRe = phases.Re, fromIm = phases.Im;
        for (int i = 0; i < magnitudes.Length; i++)
        {
            double length = Math.Sqrt((fromRe[i] * fromRe[i]) + (fromIm[i] * fromIm[i]));
            (re[i], im[i]) = length > 1e-30 ? (magnitudes[i] * fromRe[i] / length, magnitudes[i] * fromIm[i] / length) : (magnitudes[i], 0);
        }
    }

    private double[] Magnitudes(ReadOnlySpan<float> frames, int count)
    {
        double[] magnitudes = new double[count * _bands.Bins], bands = new double[_bands.Count];
        float silence = MathF.Log(_settings.Floor);
        for (int t = 0; t < count; t++)
        {
            // Nothing louder than full scale comes of a frame that is out of bounds; what is no number is silence.
            for (int band = 0; band < bands.Length; band++)
                bands[band] = frames[(t * bands.Length) + band] is var value && value > silence ? Exponential.Of(Math.Min(value, 1f)) : 0;
            _bands.Invert(bands, magnitudes.AsSpan(t * _bands.Bins, _bands.Bins));
        }
        return magnitudes;
    }

    // Every bin turns by what its own frequency turns in a hop, from a start that is different for every bin.
    private void FirstPhases(Spectrogram phases)
    {
        for (int bin = 0; bin < phases.Bins; bin++)
        {
            double perHop = (double)bin * _settings.Hop / _settings.Transform, start = bin * 0.6180339887498949;
            for (int t = 0; t < phases.Frames; t++)
                (phases.Im[(t * phases.Bins) + bin], phases.Re[(t * phases.Bins) + bin]) = Math.SinCos(2 * Math.PI * (((perHop * t) + start) % 1));
        }
    }
}
