using Percheron.Training.Speech;
using Percheron.Training.Tests.Support;
using Xunit;

namespace Percheron.Training.Tests.Speech;

public class DigitStringsTests
{
    [Fact]
    public void Recordings_are_read_by_their_names_trimmed_and_evened()
    {
        using var folder = new Folder();
        SpokenDigits digits = Recordings.Make(folder);
        Assert.Equal(140, digits.Recordings.Count);
        Assert.Equal(["anna", "bert"], digits.Speakers);
        Assert.Equal(100, digits.Recordings.Count(recording => recording.IsHeldOut));
        foreach (SpokenDigit recording in digits.Recordings)
        {
            Assert.InRange(recording.Samples.Length, 1000, 1900);
            Assert.InRange(Math.Sqrt(recording.Samples.Average(sample => (double)sample * sample)), 0.06, 0.081);
        }
        File.WriteAllText(folder.File("notes.wav"), "no recording of a digit");
        Assert.Equal(140, SpokenDigits.Load(folder.Path).Recordings.Count);
        using var empty = new Folder();
        Assert.Throws<InvalidDataException>(() => SpokenDigits.Load(empty.Path));
        Assert.Throws<InvalidDataException>(() => SpokenDigits.Load(folder.File("missing")));
    }

    [Fact]
    public void A_string_follows_from_seed_and_index_and_no_string_is_in_both_splits()
    {
        using var folder = new Folder();
        SpokenDigits digits = Recordings.Make(folder);
        DigitStrings train = new(digits, 1, heldOut: false), heldOut = new(digits, 1, heldOut: true), other = new(digits, 2, heldOut: false);
        for (int i = 0; i < 20; i++)
        {
            DigitString said = train.At(i), again = train.At(i);
            Assert.Equal(said.Sound.Samples, again.Sound.Samples);
            Assert.Equal((said.Text, said.Voice), (again.Text, again.Voice));
            Assert.InRange(said.Digits.Count, 1, 8);
            Assert.InRange(said.Voice, 0, 1);
            Assert.False(DigitStrings.IsHeldOut(said.Digits));
            DigitString held = heldOut.At(i);
            Assert.Equal(held.Digits.Count > 1, DigitStrings.IsHeldOut(held.Digits));
        }
        Assert.NotEqual(Enumerable.Range(0, 8).Select(i => train.At(i).Text), Enumerable.Range(0, 8).Select(i => other.At(i).Text));
        Assert.Equal(8, Enumerable.Range(0, 40).Select(i => train.At(i).Digits.Count).Distinct().Count());
    }

    [Fact]
    public void Given_digits_are_said_in_words_and_never_twice_alike_in_training()
    {
        using var folder = new Folder();
        SpokenDigits digits = Recordings.Make(folder);
        ulong state = 5;
        var train = new DigitStrings(digits, 1, heldOut: false);
        DigitString once = train.Say([7, 3, 9], 1, ref state), twice = train.Say([7, 3, 9], 1, ref state);
        Assert.Equal("seven three nine", once.Text);
        Assert.NotEqual(once.Sound.Samples, twice.Sound.Samples);
        Assert.InRange(once.Sound.Duration.TotalSeconds, 0.6, 1.3);
        Assert.All(once.Sound.Samples, sample => Assert.InRange(sample, -1, 1));
    }

    [Fact]
    public void Strings_for_a_listener_vary_in_training_only()
    {
        using var folder = new Folder();
        SpokenDigits digits = Recordings.Make(folder);
        float[] Sound(bool heldOut, DigitVariety? variety) => new DigitStrings(digits, 1, heldOut, variety).At(3).Sound.Samples;
        Assert.Equal(Sound(false, null), Sound(false, DigitVariety.Speaking));
        Assert.NotEqual(Sound(false, null), Sound(false, DigitVariety.Listening));
        Assert.Equal(Sound(true, null), Sound(true, DigitVariety.Listening));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(3, 0)]
    public void Silence_stays_silence(int samples, float value)
    {
        float[] silence = [.. Enumerable.Repeat(value, samples)];
        Assert.Equal(silence, Shaping.Level(Shaping.Trim(silence, 8000)));
        Shaping.Fade(silence, 8000);
    }

    [Fact]
    public void An_archive_that_is_not_there_or_none_is_said_in_one_line()
    {
        using var folder = new Folder();
        Assert.Contains("is not there", Assert.Throws<InvalidOperationException>(() => SpokenDigits.Open(folder.File("missing.tar.xz"), folder.Path)).Message, StringComparison.Ordinal);
        File.WriteAllText(folder.File("bad.tar.xz"), "no archive");
        string message = Assert.Throws<InvalidOperationException>(() => SpokenDigits.Open(folder.File("bad.tar.xz"), folder.Path)).Message;
        Assert.Contains("give the folder", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }
}
