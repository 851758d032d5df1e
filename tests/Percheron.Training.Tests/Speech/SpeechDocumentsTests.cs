using Percheron.Codecs;
using Percheron.Codecs.Speech;
using Percheron.Training.Corpus;
using Percheron.Training.Speech;
using Percheron.Training.Tests.Support;
using Xunit;

namespace Percheron.Training.Tests.Speech;

public class SpeechDocumentsTests
{
    [Fact]
    public void A_document_is_voice_text_begin_and_codes_that_give_the_sound_back()
    {
        using Folder folder = new(), corpus = new();
        SpokenDigits digits = Recordings.Make(folder);
        SpeechCodec codec = SmallCodec.Make();
        var documents = new SpeechDocuments(codec, digits.Speakers, "made recordings");
        CodeLayout layout = documents.Codes;
        Assert.Equal((CodeLayout.Speech, 3, 5), (layout.Kind, layout.Books, layout.Count));
        using (var writer = new TokenCorpusWriter(corpus.Path, documents.Text, documents.About))
        {
            foreach (bool heldOut in (bool[])[false, true])
                for (int i = 0; i < 6; i++) writer.Add(documents.Of(new DigitStrings(digits, 1, heldOut).At(i)), heldOut);
            writer.Finish();
        }
        TokenCorpus read = TokenCorpus.Open(corpus.Path);
        Assert.Equal(layout.End, read.Vocabulary.Count);
        Assert.Equal("cc-by-sa-4.0", read.About.License);
        for (int i = 0; i < 6; i++)
        {
            DigitString said = new DigitStrings(digits, 1, heldOut: false).At(i);
            int[] document = read.Train[i];
            int condition = TokenCorpus.ConditionLength(document, layout);
            Assert.Equal($"<voice:{digits.Speakers[said.Voice]}>", read.Vocabulary.Spelling(document[1]));
            Assert.Equal(said.Text, read.Vocabulary.Text.Decode(document[2..(condition - 1)]));
            Assert.Equal(codec.Encode(said.Sound), new DelayPattern(3, 5).FromTokens(document.AsSpan(condition), layout));
        }
    }

    [Fact]
    public void Nearly_every_word_is_one_token()
    {
        var documents = new SpeechDocuments(SmallCodec.Make(), ["anna"], "made recordings");
        List<int> ids = [];
        foreach (string word in SpokenDigits.Words) documents.Text.Encode($" {word}", ids);
        Assert.InRange(ids.Count, 10, 11);
    }

    [Fact]
    public void Sentences_are_one_more_voice_whose_words_are_tokens_and_no_sentence_is_in_both_splits()
    {
        var documents = new SpeechDocuments(SmallCodec.Make(), ["anna"], "made recordings", sentences: true);
        Assert.Equal(["<begin>", "<blank>", "<voice:anna>", "<voice:espeak>"], documents.About.Specials);
        SpokenSentences train = new(1, heldOut: false), heldOut = new(1, heldOut: true);
        HashSet<string> trained = [.. Enumerable.Range(0, 300).Select(i => train.At(i))], held = [.. Enumerable.Range(0, 100).Select(i => heldOut.At(i))];
        Assert.Empty(trained.Intersect(held));
        Assert.Equal(train.At(7), new SpokenSentences(1, heldOut: false).At(7));
        foreach (string word in trained.Concat(held).SelectMany(sentence => sentence.Split(' '))) Assert.Contains(word, SpokenSentences.Words);
        int[] document = documents.OfSentence("it is ten past two", new Waveform(new float[4000], 8000));
        Assert.Equal(documents.Codes.Begin + 3, document[1]);
        Assert.Equal("it is ten past two", documents.Text.Decode(document[2..Array.IndexOf(document, documents.Codes.Begin)]));
        Assert.InRange(Array.IndexOf(document, documents.Codes.Begin), 7, 10);
    }

    [Fact]
    public void A_synthesizer_that_is_not_there_is_not_there()
    {
        var missing = new Espeak("percheron-has-no-such-program");
        Assert.False(missing.IsThere);
        Assert.Contains("not installed", Assert.Throws<InvalidOperationException>(() => missing.Say("one", 8000)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_synthesizer_that_is_there_says_a_sentence()
    {
        var espeak = new Espeak();
        if (!espeak.IsThere) Assert.Skip("espeak-ng is not installed");
        Waveform sound = espeak.Say("it is ten past two", 8000);
        Assert.Equal(8000, sound.SampleRate);
        Assert.InRange(sound.Duration.TotalSeconds, 0.5, 4);
    }
}
