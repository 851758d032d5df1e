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
}
