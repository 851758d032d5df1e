using Percheron.Codecs.Speech;
using Percheron.Training.Corpus;
using Percheron.Training.Nets;
using Percheron.Training.Speech;
using Percheron.Training.Tokens;

namespace Percheron.Training.Tests.Support;

/// <summary>A language of two words, a low and a high tone, and a recogniser small enough to learn it in a test.</summary>
internal static class Tones
{
    private const int Rate = 4000, Samples = 480;

    /// <summary>Frames of 16 bands.</summary>
    public static WhisperMelSettings Mel { get; } = new() { SampleRate = Rate, Window = 100, Hop = 40, Bands = 16 };

    /// <summary>The 256 bytes.</summary>
    public static BpeVocabulary Vocabulary { get; } = new([]);

    /// <summary>One layer each.</summary>
    public static WhisperShape Shape { get; } = new(Vocab: 257, Context: 16, Bands: 16, Frames: 64, Width: 32, EncoderLayers: 1, DecoderLayers: 2, FeedForward: 64, Heads: 2);

    /// <summary>Utterance n: one to four tones.</summary>
    public static Utterance At(long index)
    {
        ulong state = (ulong)index;
        int[] tones = new int[1 + (int)(SplitMix.Next(ref state) % 4)];
        float[] sound = new float[tones.Length * Samples];
        for (int i = 0; i < tones.Length; i++)
        {
            tones[i] = (int)(SplitMix.Next(ref state) % 2);
            for (int t = 0; t < Samples; t++) sound[(i * Samples) + t] = (float)(0.5 * Math.Sin(2 * Math.PI * t * (tones[i] == 0 ? 300 : 1200) / Rate) * Math.Sin(Math.PI * t / Samples));
        }
        return new Utterance(new Waveform(sound, Rate), string.Concat(tones.Select(tone => tone == 0 ? "l" : "h")));
    }

    /// <summary>Rows of these utterances; those that are measured are others.</summary>
    public static UtteranceRows Rows() => new(At, Enumerable.Range(0, 8).Select(i => At(-1 - i)), Vocabulary, new WhisperMel(Mel), Shape);
}
