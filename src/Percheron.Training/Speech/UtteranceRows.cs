using Percheron.Codecs.Speech;
using Percheron.Training.Corpus;
using Percheron.Training.Nets;
using Percheron.Training.Runs;
using Percheron.Training.Tokens;
using static TorchSharp.torch;

namespace Percheron.Training.Speech;

/// <summary>
/// Rows of a recogniser: end of text, the text, end of text, and the recording's frames. Training rows lose some bands and some moments at random, so that nothing is recognised by one alone.
/// </summary>
/// <remarks>Source: Park et al. 2019, "SpecAugment", section 2 (frequency and time masking).</remarks>
public sealed class UtteranceRows : IRowSource
{
    // Masks of a row: at most so many, each at most this share of the bands, or this many frames.
    private const int MostMasks = 2, BandShare = 6, MostMasked = 12;

    private readonly Func<long, Utterance> _train;
    private readonly Utterance[] _heldOut;
    private readonly BpeVocabulary _vocabulary;
    private readonly WhisperMel _mel;
    private readonly WhisperShape _shape;
    private readonly Lock _encoding = new();

    /// <param name="train">Utterance n of the training split, always the same; safe for several threads.</param>
    /// <param name="heldOut">Utterances that are measured.</param>
    /// <param name="vocabulary">Tokens of texts.</param>
    /// <param name="mel">Frames.</param>
    /// <param name="shape">Longest text and recording.</param>
    public UtteranceRows(Func<long, Utterance> train, IEnumerable<Utterance> heldOut, BpeVocabulary vocabulary, WhisperMel mel, WhisperShape shape)
    {
        (_train, _vocabulary, _mel, _shape) = (train, vocabulary, mel, shape);
        _heldOut = [.. heldOut];
    }

    /// <inheritdoc/>
    public int Length => _shape.Context;

    /// <inheritdoc/>
    public int HeldOutCount => _heldOut.Length;

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">A text or recording is longer than the network takes.</exception>
    public Batch Rows(long first, int count, ulong key) => Assemble([.. Enumerable.Range(0, count).Select(row => _train(first + row))], key);

    /// <inheritdoc/>
    public Batch HeldOut(int row) => Assemble([_heldOut[row]], key: null);

    private Batch Assemble(Utterance[] utterances, ulong? key)
    {
        int[][] texts = [.. utterances.Select(Tokens)];
        float[][] sounds = [.. utterances.Select(Frames)];
        int bands = _shape.Bands, time = texts.Max(text => text.Length), frames = sounds.Max(sound => sound.Length / bands);
        long[] rows = new long[texts.Length * time];
        float[] values = new float[sounds.Length * frames * bands];
        for (int row = 0; row < texts.Length; row++)
        {
            for (int i = 0; i < texts[row].Length; i++) rows[(row * time) + i] = texts[row][i];
            if (key is { } drawn) Mask(sounds[row], drawn + (ulong)row);
            sounds[row].CopyTo(values, row * frames * bands);
        }
        return new Batch(tensor(rows, texts.Length, time), ones([texts.Length, 1], ScalarType.Int32), key)
        {
            Sound = new SoundFrames(tensor(values, sounds.Length, frames, bands), tensor([.. sounds.Select(sound => (long)(sound.Length / bands))])),
        };
    }

    private int[] Tokens(Utterance utterance)
    {
        List<int> ids = [BpeVocabulary.EndOfText];
        lock (_encoding) _vocabulary.Encode(utterance.Text, ids);
        ids.Add(BpeVocabulary.EndOfText);
        return ids.Count - 1 <= _shape.Context ? [.. ids] : throw new InvalidDataException($"A text of {ids.Count - 1} tokens is longer than the {_shape.Context} the network reads: '{utterance.Text}'.");
    }

    private float[] Frames(Utterance utterance)
    {
        float[] frames = _mel.Of(utterance.Sound);
        return frames.Length <= _shape.Frames * _shape.Bands ? frames : throw new InvalidDataException($"A recording of {frames.Length / _shape.Bands} frames is longer than the {_shape.Frames} the network hears: '{utterance.Text}'.");
    }

    private void Mask(float[] frames, ulong state)
    {
        int bands = _shape.Bands, count = frames.Length / bands;
        float mean = frames.Average();
        for (int mask = Draw(ref state, MostMasks + 1); mask > 0; mask--)
        {
            int width = Draw(ref state, (bands / BandShare) + 1), from = Draw(ref state, bands - width + 1);
            for (int frame = 0; frame < count; frame++) frames.AsSpan((frame * bands) + from, width).Fill(mean);
        }
        for (int mask = Draw(ref state, MostMasks + 1); mask > 0; mask--)
        {
            int width = Draw(ref state, Math.Min(MostMasked, count / 8) + 1), from = Draw(ref state, count - width + 1);
            frames.AsSpan(from * bands, width * bands).Fill(mean);
        }
    }

    private static int Draw(ref ulong state, int below) => (int)(SplitMix.Next(ref state) % (ulong)below);
}
