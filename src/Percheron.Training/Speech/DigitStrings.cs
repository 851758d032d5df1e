using Percheron.Codecs.Speech;
using Percheron.Evaluation.Speech;
using Percheron.Training.Corpus;

namespace Percheron.Training.Speech;

/// <summary>
/// Strings of digits made by joining recordings of one speaker with short pauses. String n is always the same for the same recordings, seed and split. Training strings are changed a
/// little (loudness, speed, ends, noise), so that a recording is never heard twice alike; held-out strings are made of the held-out takes, as they are.
/// </summary>
/// <remarks>A sixteenth of all strings of two digits and more belongs to the held-out split and never appears in the other.</remarks>
/// <param name="recordings">What strings are made of.</param>
/// <param name="seed">Seed of everything that is drawn.</param>
/// <param name="heldOut">Which split.</param>
/// <param name="variety">How much training strings are changed: <see cref="DigitVariety.Speaking"/> unless told.</param>
public sealed class DigitStrings(SpokenDigits recordings, ulong seed, bool heldOut, DigitVariety? variety = null)
{
    private const double LeadSeconds = 0.05, TailSeconds = 0.1;
    private readonly DigitVariety _variety = variety is null || heldOut ? DigitVariety.Speaking : variety;
    private readonly ILookup<(string, int), SpokenDigit> _takes = recordings.Recordings.Where(recording => recording.IsHeldOut == heldOut).ToLookup(recording => (recording.Speaker, recording.Digit));

    /// <summary>Most digits of a string.</summary>
    public const int Longest = 8;

    /// <summary>No string lasts longer: where slow takes meet, others are drawn.</summary>
    public const double LongestSeconds = 6;

    /// <summary>Samples per second of every string.</summary>
    public int SampleRate => recordings.SampleRate;

    /// <summary>Whether a string of digits belongs to the held-out split; single digits belong to both.</summary>
    public static bool IsHeldOut(IReadOnlyList<int> digits) => DigitSplit.IsHeldOut(digits);

    /// <summary>The string of an index.</summary>
    /// <exception cref="InvalidDataException">A speaker lacks recordings of a digit in this split.</exception>
    public DigitString At(long index)
    {
        ulong state = seed ^ (heldOut ? 0x5EEDul : 0);
        state = SplitMix.Next(ref state) + (ulong)index;
        int voice = Draw(ref state, recordings.Speakers.Count);
        int[] digits = new int[1 + Draw(ref state, Longest)];
        while (true)
        {
            for (int i = 0; i < digits.Length; i++) digits[i] = Draw(ref state, 10);
            if (digits.Length > 1 && IsHeldOut(digits) != heldOut) continue;
            DigitString said = Say(digits, voice, ref state);
            if (said.Sound.Duration.TotalSeconds <= LongestSeconds) return said;
        }
    }

    /// <summary>A string of given digits.</summary>
    /// <param name="digits">The digits.</param>
    /// <param name="voice">Index of the speaker.</param>
    /// <param name="state">Where takes, pauses and changes are drawn from.</param>
    /// <exception cref="InvalidDataException">The speaker lacks recordings of a digit in this split.</exception>
    public DigitString Say(IReadOnlyList<int> digits, int voice, ref ulong state)
    {
        int rate = recordings.SampleRate;
        string speaker = recordings.Speakers[voice];
        // One voice speaks at one speed and loudness throughout.
        double speed = heldOut ? 1 : 1 + (_variety.Speed * Between(ref state, -1, 1)), gain = heldOut ? 1 : Math.Pow(10, Between(ref state, _variety.Quietest, _variety.Loudest) / 20), noise = heldOut ? 0 : _variety.Noise * Between(ref state, 0, 1);
        List<float> sound = [.. new float[(int)(LeadSeconds * rate)]];
        for (int i = 0; i < digits.Count; i++)
        {
            if (i > 0) sound.AddRange(new float[(int)(Between(ref state, _variety.ShortestPause, _variety.LongestPause) * rate)]);
            SpokenDigit[] takes = [.. _takes[(speaker, digits[i])]];
            if (takes.Length == 0) throw new InvalidDataException($"there is no {(heldOut ? "held-out " : "")}recording of '{SpokenDigits.Words[digits[i]]}' by {speaker}");
            float[] samples = [.. takes[Draw(ref state, takes.Length)].Samples];
            if (!heldOut) samples = Change(samples, speed, ref state);
            Shaping.Fade(samples, rate);
            sound.AddRange(samples);
        }
        sound.AddRange(new float[(int)(TailSeconds * rate)]);
        float[] whole = [.. sound];
        for (int i = 0; i < whole.Length; i++) whole[i] = (float)((whole[i] * gain) + (noise == 0 ? 0 : noise * Between(ref state, -1, 1)));
        return new DigitString([.. digits], voice, new Waveform(whole, rate));
    }

    // Another speed also moves the pitch; within a few per cent it stays the speaker's voice.
    private float[] Change(float[] samples, double speed, ref ulong state)
    {
        int most = Math.Min(recordings.SampleRate / 100, samples.Length / 8), front = Draw(ref state, most + 1), back = Draw(ref state, most + 1);
        float own = (float)Math.Pow(10, Between(ref state, -1, 1) / 20);
        float[] changed = Resampler.Resample(samples.AsSpan(front, samples.Length - front - back), (int)(1000 * speed), 1000);
        for (int i = 0; i < changed.Length; i++) changed[i] *= own;
        return changed;
    }

    private static int Draw(ref ulong state, int below) => (int)(SplitMix.Next(ref state) % (ulong)below);

    private static double Between(ref ulong state, double least, double most) => least + ((most - least) * ((SplitMix.Next(ref state) >> 11) * (1.0 / (1ul << 53))));
}
