using Percheron.Codecs.Speech;
using Xunit;

namespace Percheron.Tests.Codecs.Speech;

public class ResamplerTests
{
    [Theory]
    [InlineData(16000, 8000)]
    [InlineData(8000, 16000)]
    [InlineData(44100, 8000)]
    [InlineData(22050, 16000)]
    [InlineData(8000, 7600)]
    public void A_sine_below_both_limits_stays_that_sine(int from, int to)
    {
        float[] result = Resampler.Resample(Sounds.Sine(1000, from, from / 2), from, to), wanted = Sounds.Sine(1000, to, to / 2);
        Assert.Equal(wanted.Length, result.Length, 1.0);
        // The ends know nothing of what would have been beyond them.
        for (int i = 60; i < wanted.Length - 60; i++) Assert.Equal(wanted[i], result[i], 2e-4);
    }

    [Fact]
    public void What_the_lower_rate_cannot_hold_is_gone()
    {
        float[] result = Resampler.Resample(Sounds.Sine(5000, 16000, 8000), 16000, 8000);
        for (int i = 60; i < result.Length - 60; i++) Assert.InRange(Math.Abs(result[i]), 0, 2e-4);
    }

    [Fact]
    public void The_length_follows_the_rates_and_nothing_is_lost_of_the_same_rate()
    {
        Assert.Equal(363, Resampler.Resample(new float[2000], 44100, 8000).Length);
        Assert.Empty(Resampler.Resample([], 44100, 8000));
        float[] sound = Sounds.Voice(500);
        Assert.Equal(sound, Resampler.Resample(sound, 8000, 8000));
    }
}
