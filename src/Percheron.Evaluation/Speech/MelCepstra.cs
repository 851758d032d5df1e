using Percheron.Codecs.Speech;

namespace Percheron.Evaluation.Speech;

/// <summary>
/// Mel cepstra of a sound: the cosine transform of its log-mel frames, scaled so that the log magnitude of a band is c0 + Σ cm · cos(πm(b + ½) ÷ bands), which is how mel-cepstral
/// distortion counts. Coefficient 0, the loudness, is kept apart.
/// </summary>
public sealed class MelCepstra
{
    /// <summary>Coefficients 1 to 13, as is usual in the field.</summary>
    public const int Coefficients = 13;

    private static readonly MelSettings Settings = new() { SampleRate = 8000, Window = 200, Hop = 40, Transform = 256, Bands = 24, Lowest = 60, Highest = 3800, Floor = 1e-3f };

    private const float AboveSilence = 0.3f;

    private MelCepstra(float[] values, float[] loudness) => (Values, Loudness) = (values, loudness);

    /// <summary>Frames per second.</summary>
    public static double FramesPerSecond => Settings.FramesPerSecond;

    /// <summary>Coefficients 1 to <see cref="Coefficients"/>, [frames, Coefficients].</summary>
    public float[] Values { get; }

    /// <summary>Coefficient 0 of every frame: the mean log magnitude.</summary>
    public float[] Loudness { get; }

    /// <summary>Number of frames.</summary>
    public int Frames => Loudness.Length;

    /// <summary>The coefficients of a frame.</summary>
    public ReadOnlySpan<float> Frame(int index) => Values.AsSpan(index * Coefficients, Coefficients);

    /// <summary>The cepstra of a sound, brought to 8,000 samples per second.</summary>
    public static MelCepstra Of(Waveform sound) => Of(new LogMel(Settings).Of(sound.At(Settings.SampleRate).Samples), Settings.Bands);

    /// <summary>The cepstra of log-mel frames [frames, bands]: natural logarithms of magnitudes.</summary>
    public static MelCepstra Of(ReadOnlySpan<float> frames, int bands)
    {
        int count = frames.Length / bands;
        float[] values = new float[count * Coefficients], loudness = new float[count];
        double[] cosines = new double[Coefficients * bands];
        for (int m = 0; m < Coefficients; m++)
            for (int band = 0; band < bands; band++) cosines[(m * bands) + band] = Math.Cos(Math.PI * (m + 1) * (band + 0.5) / bands) * 2 / bands;
        for (int t = 0; t < count; t++)
        {
            ReadOnlySpan<float> frame = frames.Slice(t * bands, bands);
            for (int m = 0; m < Coefficients; m++)
            {
                double sum = 0;
                for (int band = 0; band < bands; band++) sum += cosines[(m * bands) + band] * frame[band];
                values[(t * Coefficients) + m] = (float)sum;
            }
            double total = 0;
            foreach (float value in frame) total += value;
            loudness[t] = (float)(total / bands);
        }
        return new MelCepstra(values, loudness);
    }

    /// <summary>Frames that are louder than silence and than the loudest one less so much: those in which somebody speaks.</summary>
    /// <param name="below">In natural logarithms of magnitude.</param>
    public List<int> Spoken(float below = 2.5f)
    {
        if (Frames == 0) return [];
        float least = Math.Max(Loudness.Max() - below, MathF.Log(Settings.Floor) + AboveSilence);
        return [.. Enumerable.Range(0, Frames).Where(t => Loudness[t] >= least)];
    }
}
