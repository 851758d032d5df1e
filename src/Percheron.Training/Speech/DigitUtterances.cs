using Percheron.Codecs.Speech;

namespace Percheron.Training.Speech;

/// <summary>Spoken strings of digits as utterances; some of them made of recordings that went through a codec, as speech that a model has made of codes does. Safe for several threads.</summary>
public sealed class DigitUtterances
{
    private readonly DigitStrings _train, _heldOut;
    private readonly DigitStrings? _trainCoded, _heldOutCoded;
    private readonly int _every;

    private DigitUtterances(SpokenDigits digits, SpokenDigits? coded, ulong seed, int every)
    {
        (_train, _heldOut, _every) = (new DigitStrings(digits, seed, heldOut: false, DigitVariety.Listening), new DigitStrings(digits, seed, heldOut: true), every);
        if (coded is not null) (_trainCoded, _heldOutCoded) = (new DigitStrings(coded, seed, heldOut: false, DigitVariety.Listening), new DigitStrings(coded, seed, heldOut: true));
    }

    /// <summary>Whether there are strings that went through a codec.</summary>
    public bool HasCodec => _trainCoded is not null;

    /// <summary>Reads recordings, and sends all of them through the codec once, if there is one.</summary>
    /// <param name="data">Folder or archive of the recordings.</param>
    /// <param name="work">Where an archive is unpacked.</param>
    /// <param name="seed">Of the strings.</param>
    /// <param name="codec">A codec's file.</param>
    /// <param name="every">One training string in so many is made of what the codec has left.</param>
    /// <param name="threads">That share the work of the codec.</param>
    /// <exception cref="InvalidDataException">There is no recording there, or one cannot be read.</exception>
    public static DigitUtterances Open(string data, string work, ulong seed, string? codec, int every, int threads)
    {
        SpokenDigits digits = SpokenDigits.Open(data, work);
        return new DigitUtterances(digits, codec is null ? null : Through(codec, digits, threads), seed, every);
    }

    /// <summary>Utterance n of the training split.</summary>
    public Utterance Train(long index) => Of((_trainCoded is not null && index % _every == _every - 1 ? _trainCoded : _train).At(index));

    /// <summary>Utterance n of the held-out split.</summary>
    public Utterance HeldOut(long index) => Of(_heldOut.At(index));

    /// <summary>The same, of recordings that went through the codec.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public Utterance HeldOutThroughCodec(long index) => Of((_heldOutCoded ?? throw new InvalidOperationException("There is no codec.")).At(index));

    private static Utterance Of(DigitString text) => new(text.Sound, text.Text);

    // A codec works in memory of its own, so every thread has one.
    private static SpokenDigits Through(string path, SpokenDigits digits, int threads)
    {
        using ThreadLocal<SpeechCodec> codecs = new(() => SpeechCodec.Open(path));
        float[][] changed = new float[digits.Recordings.Count][];
        Parallel.For(0, changed.Length, new ParallelOptions { MaxDegreeOfParallelism = threads }, i =>
        {
            Waveform sound = new(digits.Recordings[i].Samples, digits.SampleRate);
            changed[i] = codecs.Value!.Decode(codecs.Value.Encode(sound)).At(digits.SampleRate).Samples;
        });
        return digits.With(changed);
    }
}
