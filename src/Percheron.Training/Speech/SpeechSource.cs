namespace Percheron.Training.Speech;

/// <summary>One split of a corpus of speech: strings of digits, then sentences of a synthesizer.</summary>
/// <param name="documents">Makes documents.</param>
/// <param name="digits">The strings of digits of this split.</param>
/// <param name="strings">How many of them.</param>
/// <param name="sentences">The sentences of this split.</param>
/// <param name="rendered">How many of them.</param>
public sealed class SpeechSource(SpeechDocuments documents, DigitStrings digits, long strings, SpokenSentences sentences, long rendered)
{
    private readonly Espeak _espeak = new();

    /// <summary>Number of documents.</summary>
    public long Count => strings + rendered;

    /// <summary>A document; always the same for the same index.</summary>
    /// <exception cref="InvalidOperationException">A sentence is asked for and there is no synthesizer.</exception>
    public int[] Document(long index)
    {
        if (index < strings) return documents.Of(digits.At(index));
        string text = sentences.At(index - strings);
        return documents.OfSentence(text, _espeak.Say(text, digits.SampleRate));
    }
}
