using Percheron.Codecs.Speech;
using Xunit;

namespace Percheron.Tests.Codecs.Speech;

public class LogMelTests
{
    private static readonly MelSettings Mel = new();

    [Fact]
    public void Spectra_are_scaled_so_that_a_sine_of_full_scale_has_magnitude_one_and_sound_comes_back()
    {
        var transform = new ShortTimeTransform(Mel);
        float[] sound = Sounds.Sine(1000, 8000, 8000, loudness: 1);
        var spectra = new Spectrogram(transform.Frames(sound.Length), transform.Bins);
        transform.Forward(sound, spectra);
        int peak = (40 * transform.Bins) + (1000 * Mel.Transform / Mel.SampleRate);
        Assert.Equal(1, Math.Sqrt((spectra.Re[peak] * spectra.Re[peak]) + (spectra.Im[peak] * spectra.Im[peak])), 1e-3);
        float[] back = new float[spectra.Frames * Mel.Hop];
        transform.Inverse(spectra, back);
        for (int i = 0; i < sound.Length; i++) Assert.Equal(sound[i], back[i], 1e-5);
    }

    [Theory]
    [InlineData(300)]
    [InlineData(1000)]
    [InlineData(2500)]
    public void A_sine_is_loudest_in_its_own_band_and_twice_as_loud_is_the_logarithm_of_two_more(double hertz)
    {
        var log = new LogMel(Mel);
        float[] soft = log.Of(Sounds.Sine(hertz, 8000, 4000, 0.2)), loud = log.Of(Sounds.Sine(hertz, 8000, 4000, 0.4));
        Assert.Equal(40 * Mel.Bands, soft.Length);
        float[] frame = soft[(20 * Mel.Bands)..(21 * Mel.Bands)];
        double ToMel(double f) => 2595 * Math.Log10(1 + (f / 700));
        double place = ((ToMel(hertz) - ToMel(Mel.Lowest)) / (ToMel(Mel.Highest) - ToMel(Mel.Lowest)) * (Mel.Bands + 1)) - 1;
        int loudest = Array.IndexOf(frame, frame.Max());
        Assert.InRange(loudest - place, -1, 1);
        Assert.Equal(Math.Log(2), loud[(20 * Mel.Bands) + loudest] - frame[loudest], 1e-4);
    }

    [Fact]
    public void Silence_is_the_floor_everywhere()
    {
        var log = new LogMel(Mel);
        float[] frames = log.Of(new float[1000]);
        Assert.Equal(10 * Mel.Bands, frames.Length);
        Assert.All(frames, value => Assert.Equal(log.Silence, value));
        Assert.Empty(log.Of([]));
    }

    [Fact]
    public void Bands_are_means_and_the_way_back_gives_the_same_bands()
    {
        var bands = new MelBands(Mel);
        double[] flat = [.. Enumerable.Repeat(0.7, bands.Bins)], means = new double[bands.Count], magnitudes = new double[bands.Bins], again = new double[bands.Count];
        bands.Apply(flat, means);
        Assert.All(means, mean => Assert.Equal(0.7, mean, 1e-9));
        for (int i = 0; i < means.Length; i++) means[i] = 0.2 + (0.1 * Math.Sin(i * 0.5));
        bands.Invert(means, magnitudes);
        bands.Apply(magnitudes, again);
        for (int i = 0; i < means.Length; i++) Assert.Equal(means[i], again[i], 0.02 * means[i]);
        Assert.All(magnitudes, value => Assert.True(value >= 0));
    }

    [Fact]
    public void Settings_that_cannot_be_are_refused_with_what_is_wrong()
    {
        foreach (MelSettings bad in (MelSettings[])[Mel with { Hop = 0 }, Mel with { Transform = 500 }, Mel with { Bands = 0 }, Mel with { Highest = 5000 }, Mel with { Floor = float.NaN }, Mel with { Window = 1000 }, Mel with { SampleRate = 0 }])
        {
            Assert.NotNull(bad.Fault());
            Assert.Throws<ArgumentException>(() => new LogMel(bad));
        }
    }
}
