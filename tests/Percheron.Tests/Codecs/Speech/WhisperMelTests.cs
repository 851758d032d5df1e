using System.Numerics;
using Percheron.Codecs.Speech;
using Percheron.Formats;
using Percheron.Tests.Models;
using Percheron.Tests.Support;
using Xunit;

namespace Percheron.Tests.Codecs.Speech;

/// <summary>Frames for models in Whisper's layout, against their definition.</summary>
public class WhisperMelTests
{
    private static float[] Noise(int count)
    {
        Random random = new(4);
        return [.. Enumerable.Range(0, count).Select(i => (float)((0.3 * Math.Sin(0.05 * i)) + (0.1 * random.NextDouble())))];
    }

    [Theory]
    [InlineData(16_000, 400, 160, 80, 800)]
    [InlineData(8_000, 200, 80, 40, 399)]
    public void Frames_are_what_the_definition_says(int rate, int window, int hop, int bands, int count)
    {
        float[] samples = Noise(count);
        WhisperMel mel = new(new WhisperMelSettings { SampleRate = rate, Window = window, Hop = hop, Bands = bands });
        float[] frames = mel.Of(samples);
        Assert.Equal(count / hop * bands, frames.Length);
        double[][] filters = Filters(rate, window, bands);
        double[] logs = new double[frames.Length];
        for (int t = 0; t < count / hop; t++)
        {
            double[] powers = [.. Enumerable.Range(0, (window / 2) + 1).Select(bin =>
            {
                Complex sum = 0;
                for (int i = 0; i < window; i++)
                {
                    int at = (t * hop) + i - (window / 2);
                    at = at < 0 ? -at : at >= count ? (2 * (count - 1)) - at : at;
                    sum += samples[at] * (0.5 - (0.5 * Math.Cos(2 * Math.PI * i / window))) * Complex.FromPolarCoordinates(1, -2 * Math.PI * bin * i / window);
                }
                return sum.Magnitude * sum.Magnitude;
            })];
            for (int band = 0; band < bands; band++) logs[(t * bands) + band] = Math.Log10(Math.Max(1e-10, filters[band].Zip(powers, (a, b) => a * b).Sum()));
        }
        for (int i = 0; i < logs.Length; i++) Assert.Equal((Math.Max(logs[i], logs.Max() - 8) + 4) / 4, frames[i], 1e-5);
    }

    [Fact]
    public void Filters_of_published_models_are_known()
    {
        // A click in the middle of the window has the power 1 at every frequency, so a band is the sum of its weights. The first band's only weight is 0.02486259.
        WhisperMel mel = new(new WhisperMelSettings());
        float[] samples = new float[480];
        samples[160] = 1;
        float[] second = mel.Of(samples)[80..160];
        Assert.Equal((Math.Log10(0.02486259) + 4) / 4, second[0], 1e-5);
        Assert.Equal(0.02486259, Filters(16_000, 400, 80)[0][1], 1e-7);
    }

    [Fact]
    public void A_padded_recording_has_the_frames_of_one_with_silence_behind_it()
    {
        float[] samples = Noise(1000), longer = [.. samples, .. new float[2200]];
        WhisperMelSettings settings = new() { SampleRate = 8000, Window = 200, Hop = 80, Bands = 40 };
        float[] padded = new WhisperMel(settings with { Padded = 40 }).Of(samples);
        Assert.Equal(new WhisperMel(settings).Of(longer), padded);
        // What does not fit is not heard.
        Assert.Equal(new WhisperMel(settings with { Padded = 4 }).Of(samples.AsSpan(0, 320)), new WhisperMel(settings with { Padded = 4 }).Of(samples));
        Assert.Equal(40, new WhisperMel(settings).Of([]).Length);
    }

    [Theory]
    [InlineData(0, 5, 3)]
    [InlineData(4, 5, 4)]
    public void A_long_recording_is_heard_in_parts(int padded, int most, int parts)
    {
        float[] samples = Noise(1000);
        WhisperMel mel = new(new WhisperMelSettings { SampleRate = 8000, Window = 200, Hop = 80, Bands = 40, Padded = padded });
        IReadOnlyList<float[]> heard = mel.Parts(new Waveform(samples, 8000), most);
        Assert.Equal(parts, heard.Count);
        Assert.Equal(mel.Of(samples.AsSpan(0, (padded > 0 ? padded : most) * 80)), heard[0]);
        Assert.Single(mel.Parts(new Waveform([], 8000), most));
        Assert.Throws<ArgumentOutOfRangeException>(() => mel.Parts(new Waveform(samples, 8000), padded - 1));
    }

    [Fact]
    public void Settings_go_through_a_file_and_impossible_ones_are_refused()
    {
        WhisperMelSettings settings = new() { SampleRate = 8000, Window = 200, Hop = 80, Bands = 40, Padded = 6 };
        GgufWriter writer = new();
        settings.Describe(writer);
        using (TinyFile file = TinyFile.Write(writer)) Assert.Equal(settings, WhisperMelSettings.Read(file.Gguf));
        foreach (WhisperMelSettings wrong in new WhisperMelSettings[] { settings with { Window = 201 }, settings with { Hop = 0 }, settings with { Bands = 0 }, settings with { SampleRate = 1 }, settings with { Padded = -1 }, settings with { Window = 1 << 20 } })
        {
            Assert.Throws<ArgumentException>(() => new WhisperMel(wrong));
            GgufWriter damaged = new();
            damaged.Add("whisper.audio.sample_rate", wrong.SampleRate);
            damaged.Add("whisper.audio.window", wrong.Window);
            damaged.Add("whisper.audio.hop", wrong.Hop);
            damaged.Add("whisper.audio.padded", wrong.Padded);
            damaged.Add("whisper.bands", wrong.Bands);
            using TinyFile file = TinyFile.Write(damaged);
            Assert.Throws<ModelFormatException>(() => WhisperMelSettings.Read(file.Gguf));
        }
    }

    [Fact]
    public void A_recording_of_another_rate_is_brought_to_the_models()
    {
        float[] frames = new WhisperMel(new WhisperMelSettings()).Of(WavFile.Read(SharedData.Require("speech/jfk.wav")));
        Assert.InRange(frames.Length / 80, 1090, 1110);
        // Their greatest is at most 8 above the least.
        Assert.InRange(frames.Max() - frames.Min(), 1, 2);
    }

    private static double[][] Filters(int rate, int window, int bands)
    {
        double Mel(double hertz) => hertz < 1000 ? hertz * 3 / 200 : 15 + (27 * Math.Log(hertz / 1000) / Math.Log(6.4));
        double Hertz(double mel) => mel < 15 ? mel * 200 / 3 : 1000 * Math.Exp((mel - 15) * Math.Log(6.4) / 27);
        double[] edges = [.. Enumerable.Range(0, bands + 2).Select(i => Hertz(Mel(rate / 2.0) * i / (bands + 1)))];
        return [.. Enumerable.Range(0, bands).Select(band => Enumerable.Range(0, (window / 2) + 1).Select(bin =>
        {
            double hertz = (double)bin * rate / window, up = (hertz - edges[band]) / (edges[band + 1] - edges[band]), down = (edges[band + 2] - hertz) / (edges[band + 2] - edges[band + 1]);
            return Math.Max(0, Math.Min(up, down)) * 2 / (edges[band + 2] - edges[band]);
        }).ToArray())];
    }
}
