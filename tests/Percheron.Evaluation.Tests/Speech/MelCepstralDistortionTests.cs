using Percheron.Codecs.Speech;
using Percheron.Evaluation.Speech;
using Xunit;

namespace Percheron.Evaluation.Tests.Speech;

public class MelCepstralDistortionTests
{
    [Fact]
    public void A_cosine_across_the_bands_is_one_coefficient_and_its_distortion_is_known()
    {
        const int Bands = 24;
        float[] flat = new float[Bands], waved = [.. Enumerable.Range(0, Bands).Select(band => (float)(0.3 * Math.Cos(Math.PI * 5 * (band + 0.5) / Bands)))];
        MelCepstra a = MelCepstra.Of(flat, Bands), b = MelCepstra.Of(waved, Bands);
        for (int m = 1; m <= MelCepstra.Coefficients; m++) Assert.Equal(m == 5 ? 0.3 : 0, b.Frame(0)[m - 1], 1e-6);
        // 10 ÷ ln 10 · √2 · 0.3
        Assert.Equal(1.8425, MelCepstralDistortion.Aligned(a, b), 1e-3);
        // 0.3 more in every band is loudness alone.
        Assert.Equal(0, MelCepstralDistortion.Aligned(a, MelCepstra.Of([.. flat.Select(value => value + 0.3f)], Bands)), 1e-5);
    }

    [Fact]
    public void A_sound_is_no_distance_from_itself_little_from_itself_louder_or_slower_and_far_from_another()
    {
        var sound = new Waveform(Voice(120, 1), 8000);
        Assert.Equal(0, MelCepstralDistortion.Warped(sound, sound));
        double louder = MelCepstralDistortion.Warped(sound, new Waveform([.. sound.Samples.Select(sample => sample * 1.5f)], 8000)), other = MelCepstralDistortion.Warped(sound, new Waveform(Voice(190, 2.2), 8000));
        Assert.InRange(louder, 0, 0.3 * other);
        Assert.InRange(other, 2, 40);
        Assert.Equal(0, MelCepstralDistortion.Warped(new Waveform([], 8000), new Waveform([], 8000)));
        Assert.Equal(double.PositiveInfinity, MelCepstralDistortion.Warped(sound, new Waveform([], 8000)));
    }

    [Fact]
    public void Only_frames_count_in_which_somebody_speaks()
    {
        float[] samples = new float[8000];
        Voice(120, 1)[..4000].CopyTo(samples, 0);
        MelCepstra cepstra = MelCepstra.Of(new Waveform(samples, 8000));
        Assert.Equal(200, cepstra.Frames);
        Assert.InRange(cepstra.Spoken().Max(), 60, 106);
    }

    internal static float[] Voice(double pitch, double vowel)
    {
        float[] sound = new float[8000];
        for (int i = 0; i < sound.Length; i++)
            for (int harmonic = 1; harmonic * pitch < 3800; harmonic++)
                sound[i] += (float)(0.05 / harmonic * (1.2 + Math.Cos(harmonic * pitch * vowel / 300)) * Math.Sin(2 * Math.PI * harmonic * (pitch + (8 * Math.Sin(i * 0.0015))) * i / 8000));
        return sound;
    }
}
