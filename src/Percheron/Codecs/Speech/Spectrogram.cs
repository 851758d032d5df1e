namespace Percheron.Codecs.Speech;

/// <summary>Complex spectra of successive frames; made by <see cref="ShortTimeTransform"/>.</summary>
/// <param name="frames">Number of frames.</param>
/// <param name="bins">Frequencies of a frame.</param>
public sealed class Spectrogram(int frames, int bins)
{
    private readonly double[] _re = new double[checked(frames * bins)], _im = new double[checked(frames * bins)];

    /// <summary>Number of frames.</summary>
    public int Frames => frames;

    /// <summary>Frequencies of a frame.</summary>
    public int Bins => bins;

    /// <summary>Real parts, [frames, bins].</summary>
    public Span<double> Re => _re;

    /// <summary>Imaginary parts, [frames, bins].</summary>
    public Span<double> Im => _im;
}
