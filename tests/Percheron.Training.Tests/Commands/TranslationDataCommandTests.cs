using Percheron.Evaluation.Translation;
using Percheron.Training.Commands;
using Percheron.Training.Corpus;
using Percheron.Training.Tests.Support;
using Xunit;

namespace Percheron.Training.Tests.Commands;

public class TranslationDataCommandTests
{
    [Fact]
    public void Documents_are_pairs_of_their_side_of_the_split()
    {
        using var folder = new Folder();
        TranslationCorpus pairs = new(3);
        TranslationDataCommand.Make(folder.Path, pairs, train: 400, heldOut: 30, size: 400);
        TokenCorpus corpus = TokenCorpus.Open(folder.Path);
        Assert.Equal(400, corpus.Vocabulary.Count);
        Assert.Equal(pairs.Pairs(heldOut: false).Take(400).Select(TranslationCorpus.Document), corpus.Train.Select(d => corpus.Vocabulary.Text.Decode(d)));
        Assert.Equal(pairs.Pairs(heldOut: true).Take(30).Select(TranslationCorpus.Document), corpus.HeldOut.Select(d => corpus.Vocabulary.Text.Decode(d)));
    }
}
