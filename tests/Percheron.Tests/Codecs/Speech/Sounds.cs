using Percheron.Codecs.Speech;

namespace Percheron.Tests.Codecs.Speech;

/// <summary>Sounds that tests make themselves.</summary>
internal static class Sounds
{
    /// <summary>A sine of a loudness.</summary>
    public static float[] Sine(double hertz, int sampleRate, int samples, double loudness = 0.5)
    {
        float[] sound = new float[samples];
        for (int i = 0; i < samples; i++) sound[i] = (float)(loudness * Math.Sin(2 * Math.PI * hertz * i / sampleRate));
        return sound;
    }

    /// <summary>Something like a voice: harmonics of a gliding pitch that swell, fall and end in silence.</summary>
    public static float[] Voice(int samples, int seed = 1)
    {
        float[] sound = new float[samples];
        double phase = 0;
        for (int i = 0; i < samples; i++)
        {
            double time = i / 8000.0, swell = Math.Max(0, Math.Sin(2 * Math.PI * time * 2.3));
            phase += 2 * Math.PI * (110 + (25 * seed) + (30 * Math.Sin(3 * time))) / 8000;
            double value = 0;
            for (int harmonic = 1; harmonic <= 12; harmonic++) value += Math.Sin(harmonic * phase) / harmonic * (1 + Math.Cos((harmonic * 0.9) + (4 * time) + seed));
            sound[i] = (float)(0.12 * swell * value);
        }
        return sound;
    }

    /// <summary>Voices of several pitches as log-mel frames.</summary>
    public static float[] Frames(MelSettings mel, int voices)
    {
        var log = new LogMel(mel);
        return [.. Enumerable.Range(1, voices).SelectMany(seed => log.Of(Voice(8000, seed)))];
    }
}
