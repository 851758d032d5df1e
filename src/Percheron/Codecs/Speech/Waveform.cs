namespace Percheron.Codecs.Speech;

/// <summary>Sound of one channel.</summary>
/// <param name="Samples">Full scale is -1 to 1; louder values are kept until they are written.</param>
/// <param name="SampleRate">Samples per second.</param>
public sealed record Waveform(float[] Samples, int SampleRate)
{
    /// <summary>How long it lasts.</summary>
    public TimeSpan Duration => TimeSpan.FromSeconds((double)Samples.Length / SampleRate);

    /// <summary>The same sound at another rate; itself where the rate is the same.</summary>
    public Waveform At(int sampleRate) => sampleRate == SampleRate ? this : new(Resampler.Resample(Samples, SampleRate, sampleRate), sampleRate);
}
