using Percheron.Codecs;
using Percheron.Codecs.Speech;
using Percheron.Training.Corpus;
using Percheron.Training.Tokens;

namespace Percheron.Training.Speech;

/// <summary>Spoken strings of digits as documents of a model: the end of text, the voice's token, the text, Begin, and the codes with the delay pattern.</summary>
public sealed class SpeechDocuments
{
    // So many that every word is one token; more of them for the words of sentences.
    private const int Merges = 40, SentenceMerges = 140, Specials = 2;
    private readonly SpeechCodec _codec;
    private readonly DelayPattern _pattern;
    private readonly string _data;
    private readonly int _synthesizer;

    /// <param name="codec">Makes the codes.</param>
    /// <param name="speakers">The voices.</param>
    /// <param name="data">What the recordings are called.</param>
    /// <param name="sentences">Whether sentences of a synthesizer follow, which is one more voice.</param>
    public SpeechDocuments(SpeechCodec codec, IReadOnlyList<string> speakers, string data, bool sentences = false)
    {
        (_codec, _data, _synthesizer) = (codec, data, sentences ? speakers.Count : -1);
        IEnumerable<string> words = sentences ? SpokenSentences.Words : SpokenDigits.Words;
        Text = BpeTrainer.Train(words.Select(word => $"{word} {word}"), BpeVocabulary.FirstMerge + (sentences ? SentenceMerges : Merges));
        if (sentences) speakers = [.. speakers, Espeak.Voice];
        int begin = Text.Count;
        Codes = new CodeLayout { Kind = CodeLayout.Speech, First = begin + Specials + speakers.Count, Count = codec.Count, Books = codec.Books, Begin = begin, Blank = begin + 1 };
        _pattern = new DelayPattern(codec.Books, codec.Count);
        About = new TokenCorpusDescription("Percheron Digits", Source(), SpokenDigits.LicenceId, ["<begin>", "<blank>", .. speakers.Select(speaker => $"<voice:{speaker}>")], Codes);
    }

    /// <summary>Vocabulary of the text.</summary>
    public BpeVocabulary Text { get; }

    /// <summary>Where codes stand.</summary>
    public CodeLayout Codes { get; }

    /// <summary>What the corpus says of itself.</summary>
    public TokenCorpusDescription About { get; }

    /// <summary>The document of a string.</summary>
    public int[] Of(DigitString said) => Of(said.Voice, said.Text, said.Sound);

    /// <summary>The document of a sentence that the synthesizer said.</summary>
    public int[] OfSentence(string text, Waveform sound) => Of(_synthesizer, text, sound);

    private int[] Of(int voice, string text, Waveform sound)
    {
        List<int> ids = [BpeVocabulary.EndOfText, Codes.Begin + Specials + voice];
        Text.Encode(text, ids);
        ids.Add(Codes.Begin);
        ids.AddRange(_pattern.ToTokens(_codec.Encode(sound), Codes));
        return [.. ids];
    }

    private string Source() =>
        (_synthesizer < 0 ? "" : "sentences of numbers and times said by espeak-ng, and ") + $"strings of 1 to {DigitStrings.Longest} digits joined from {_data}, in {_codec.Books} books of {_codec.Count} codes, {_codec.FramesPerSecond:f0} frames per second; held out: takes 0 to 4 and other strings; {SpokenDigits.Licence}";
}
