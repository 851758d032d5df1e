using Percheron.Codecs.Speech;
using Xunit;

namespace Percheron.Tests.Codecs.Speech;

public class GriffinLimTests
{
    private static readonly MelSettings Mel = new();

    [Fact]
    public void Frames_of_the_sound_are_near_the_frames_asked_for_and_nearer_after_more_rounds()
    {
        var log = new LogMel(Mel);
        float[] frames = log.Of(Sounds.Voice(5000));
        double few = Distance(new GriffinLim(Mel, rounds: 2), log, frames), many = Distance(new GriffinLim(Mel), log, frames);
        Assert.InRange(many, 0, 0.8 * few);
        Assert.InRange(many, 0, 0.15);
    }

    [Fact]
    public void Momentum_gets_nearer_in_as_many_rounds()
    {
        var log = new LogMel(Mel);
        float[] frames = log.Of(Sounds.Voice(4000, seed: 3));
        Assert.InRange(Distance(new GriffinLim(Mel, rounds: 16), log, frames), 0, Distance(new GriffinLim(Mel, rounds: 16, momentum: 0), log, frames));
    }

    [Fact]
    public void The_same_frames_give_the_same_bits_silence_gives_silence_and_nonsense_gives_numbers()
    {
        var vocoder = new GriffinLim(Mel, rounds: 4);
        float[] frames = new LogMel(Mel).Of(Sounds.Voice(4000));
        float[] once = vocoder.Sound(frames);
        Assert.Equal(once.Select(BitConverter.SingleToInt32Bits), vocoder.Sound(frames).Select(BitConverter.SingleToInt32Bits));
        Assert.Equal(once.Select(BitConverter.SingleToInt32Bits), new GriffinLim(Mel, rounds: 4).Sound(frames).Select(BitConverter.SingleToInt32Bits));
        Assert.All(vocoder.Sound(new LogMel(Mel).Of(new float[1000])), sample => Assert.Equal(0, sample));
        Assert.Empty(vocoder.Sound([]));
        float[] wild = [.. Enumerable.Range(0, 4 * Mel.Bands).Select(i => (i % 4) switch { 0 => float.NaN, 1 => 1e30f, 2 => float.NegativeInfinity, _ => float.PositiveInfinity })];
        Assert.True(Array.TrueForAll(vocoder.Sound(wild), float.IsFinite));
    }

    // Spectral convergence: how far the magnitudes are away, as a share of all.
    private static double Distance(GriffinLim vocoder, LogMel log, float[] frames)
    {
        float[] reached = log.Of(vocoder.Sound(frames));
        double apart = 0, all = 0;
        for (int i = 0; i < frames.Length; i++)
        {
            double wanted = Math.Exp(frames[i]);
            apart += Math.Pow(Math.Exp(reached[i]) - wanted, 2);
            all += wanted * wanted;
        }
        return Math.Sqrt(apart / all);
    }
}
