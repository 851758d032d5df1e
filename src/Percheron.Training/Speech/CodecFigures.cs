using Percheron.Codecs.Speech;
using Percheron.Evaluation.Speech;

namespace Percheron.Training.Speech;

/// <summary>How well a codec with its first books only gives sounds back.</summary>
/// <param name="Books">Number of books that were read.</param>
/// <param name="FrameDistortionDb">Root mean square error of log-mel frames in dB, where something sounds.</param>
/// <param name="DistortionDb">Mel-cepstral distortion of the sound that comes out, frame by frame, in dB.</param>
/// <param name="Convergence">Spectral convergence: error of the band magnitudes of the sound that comes out against the original's, as a share of their size.</param>
/// <param name="SpeakerMatch">Share of sounds whose speaker is still told by a speaker model; null without one.</param>
public sealed record CodecFigures(int Books, double FrameDistortionDb, double DistortionDb, double Convergence, double? SpeakerMatch)
{
    private static readonly double Decibels = 20 / Math.Log(10);

    /// <summary>Measures sounds with every number of books; 0 books is the way to log-mel frames and back, without any code.</summary>
    public static IReadOnlyList<CodecFigures> Measure(SpeechCodec codec, IReadOnlyList<DigitString> sounds, SpeakerModel? speakers) =>
        [.. Enumerable.Range(0, codec.Books + 1).Select(books => Measure(codec, sounds, speakers, books))];

    private static CodecFigures Measure(SpeechCodec codec, IReadOnlyList<DigitString> sounds, SpeakerModel? speakers, int books)
    {
        var vocoder = new GriffinLim(codec.Mel);
        double squares = 0, distortion = 0, apart = 0, all = 0;
        long numbers = 0;
        int matches = 0;
        foreach (DigitString said in sounds)
        {
            float[] frames = codec.LogMel(said.Sound), coded = frames;
            if (books > 0)
            {
                int[] codes = codec.EncodeFrames(frames);
                for (int i = 0; i < codes.Length; i++) if (i % codec.Books >= books) codes[i] = codec.Nothing;
                coded = codec.DecodeFrames(codes);
            }
            float least = frames.Max() - 6;
            for (int i = 0; i < frames.Length; i++)
            {
                if (frames[i] < least) continue;
                squares += Math.Pow(Decibels * (frames[i] - coded[i]), 2);
                numbers++;
            }
            var sound = new Waveform(vocoder.Sound(coded), codec.Mel.SampleRate);
            distortion += MelCepstralDistortion.Aligned(MelCepstra.Of(said.Sound), MelCepstra.Of(sound));
            float[] heard = codec.LogMel(sound);
            for (int i = 0; i < frames.Length; i++)
            {
                double wanted = Math.Exp(frames[i]);
                apart += Math.Pow(Math.Exp(heard[i]) - wanted, 2);
                all += wanted * wanted;
            }
            if (speakers?.Nearest(sound) == said.Voice) matches++;
        }
        return new CodecFigures(books, Math.Sqrt(squares / numbers), distortion / sounds.Count, Math.Sqrt(apart / all), speakers is null ? null : (double)matches / sounds.Count);
    }
}
