using Percheron.Formats;
using Percheron.Training.Commands;
using Percheron.Training.Corpus;
using Percheron.Training.Export;
using Percheron.Training.Nets;
using Percheron.Training.Tests.Support;
using Percheron.Training.Tokens;
using Xunit;
using static TorchSharp.torch;

namespace Percheron.Training.Tests.Commands;

public class TextDataCommandTests
{
    private static readonly string[] Paragraphs = [.. Enumerable.Range(0, 60).Select(i => $"Paragraph number {i} of the text.\nIt has {i * i} words and a second line.\n")];

    [Fact]
    public void Every_document_is_in_one_of_the_splits_and_stays_there()
    {
        using var folder = new Folder();
        File.WriteAllText(folder.File("text.txt"), string.Join("\n", Paragraphs).ReplaceLineEndings("\r\n"));
        TokenCorpus corpus = Make(folder, "--vocabulary", "300");
        string[] train = Texts(corpus, corpus.Train), heldOut = Texts(corpus, corpus.HeldOut);
        Assert.Equal(Paragraphs.Order(StringComparer.Ordinal), train.Concat(heldOut).Order(StringComparer.Ordinal));
        Assert.InRange(heldOut.Length, 1, 9);
        // In another order, beside other text, the split is the same.
        File.WriteAllText(folder.File("text.txt"), string.Join("\n", Paragraphs.Reverse().Prepend("Something else.\n")));
        TokenCorpus again = Make(folder, "--vocabulary", "300");
        Assert.Equal(heldOut.Order(StringComparer.Ordinal), Texts(again, again.HeldOut).Where(text => text != "Something else.\n").Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("line", 120)]
    [InlineData("file", 1)]
    public void Documents_may_be_lines_or_files(string between, int expected)
    {
        using var folder = new Folder();
        File.WriteAllText(folder.File("text.txt"), string.Concat(Paragraphs));
        TokenCorpus corpus = Make(folder, "--vocabulary", "270", "--between", between);
        Assert.Equal(expected, corpus.Train.Count + corpus.HeldOut.Count);
    }

    [TorchFact]
    public void A_models_vocabulary_is_taken_over()
    {
        using var folder = new Folder();
        BpeVocabulary vocabulary = Small.Vocabulary();
        using (var net = new LlamaNet(Small.Shape, 4, ScalarType.Float32)) GgufModel.Write(folder.File("model.gguf"), net, vocabulary, TensorType.F32, "Small");
        File.WriteAllText(folder.File("text.txt"), string.Join("\n", Paragraphs));
        Assert.Equal(vocabulary.Merges, Make(folder, "-m", folder.File("model.gguf")).Vocabulary.Text.Merges);
    }

    private static TokenCorpus Make(Folder folder, params string[] options)
    {
        Assert.Equal(0, TextDataCommand.Create().Parse([folder.File("text.txt"), "--corpus", folder.File("corpus"), .. options]).Invoke());
        return TokenCorpus.Open(folder.File("corpus"));
    }

    private static string[] Texts(TokenCorpus corpus, IReadOnlyList<int[]> documents) => [.. documents.Select(document => corpus.Vocabulary.Text.Decode(document))];
}
