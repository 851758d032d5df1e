namespace Percheron.Training.Speech;

/// <summary>What is done to recordings before they are joined: silence cut off, loudness evened, ends faded.</summary>
public static class Shaping
{
    private const float Loudness = 0.08f, Highest = 0.9f, Quiet = 0.02f;
    private const double BlockSeconds = 0.01, MarginSeconds = 0.02, FadeSeconds = 0.005;

    /// <summary>The sound between the first and the last block that is louder than a fiftieth of the loudest one, with a margin.</summary>
    public static float[] Trim(float[] samples, int sampleRate)
    {
        int block = Math.Max(1, (int)(BlockSeconds * sampleRate)), margin = (int)(MarginSeconds * sampleRate), blocks = samples.Length / block;
        if (blocks == 0) return samples;
        double[] loud = [.. Enumerable.Range(0, blocks).Select(i => Power(samples.AsSpan(i * block, block)))];
        double least = loud.Max() * Quiet;
        int first = Array.FindIndex(loud, value => value >= least), last = Array.FindLastIndex(loud, value => value >= least);
        return samples[Math.Max(0, (first * block) - margin)..Math.Min(samples.Length, ((last + 1) * block) + margin)];
    }

    /// <summary>The sound at the common loudness, but nowhere above the highest value; silence stays silence.</summary>
    public static float[] Level(float[] samples)
    {
        double power = Power(samples);
        if (!(power > 0)) return samples;
        float peak = samples.Max(MathF.Abs), gain = Math.Min((float)(Loudness / power), Highest / peak);
        return [.. samples.Select(sample => sample * gain)];
    }

    /// <summary>Fades both ends of a sound in place, so that they do not click.</summary>
    public static void Fade(Span<float> samples, int sampleRate)
    {
        int length = Math.Min((int)(FadeSeconds * sampleRate), samples.Length / 2);
        for (int i = 0; i < length; i++)
        {
            float gain = (i + 1f) / (length + 1);
            samples[i] *= gain;
            samples[^(i + 1)] *= gain;
        }
    }

    // Root mean square.
    private static double Power(ReadOnlySpan<float> samples)
    {
        double sum = 0;
        foreach (float sample in samples) sum += (double)sample * sample;
        return Math.Sqrt(sum / Math.Max(1, samples.Length));
    }
}
