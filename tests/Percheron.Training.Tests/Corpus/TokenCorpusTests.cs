using Percheron.Codecs;
using Percheron.Training.Corpus;
using Percheron.Training.Tests.Support;
using Xunit;

namespace Percheron.Training.Tests.Corpus;

public class TokenCorpusTests
{
    private static readonly CodeLayout Layout = new() { Kind = CodeLayout.Image, First = 302, Count = 16, Begin = 300, Blank = 301, Width = 2, Height = 2 };
    private static readonly TokenCorpusDescription About = new("Small Pictures", "made by this test", "mit", ["<begin>", "<blank>"], Layout);

    private static int[] Picture(int number) => [0, 70 + number, 80, Layout.Begin, .. Enumerable.Range(0, 4).Select(i => Layout.First + ((number + i) % 16))];

    [Fact]
    public void What_is_written_is_read()
    {
        using var folder = new Folder();
        Write(folder, 0, 9);
        TokenCorpus corpus = TokenCorpus.Open(folder.Path);
        Assert.Equal(Enumerable.Range(0, 9).Where(i => i % 3 != 0).Select(Picture), corpus.Train);
        Assert.Equal(Enumerable.Range(0, 3).Select(i => Picture(3 * i)), corpus.HeldOut);
        Assert.Equal(318, corpus.Vocabulary.Count);
        Assert.Equal(About with { Specials = corpus.About.Specials }, corpus.About);
        Assert.Equal(About.Specials, corpus.About.Specials);
        Assert.Equal(4, TokenCorpus.ConditionLength(corpus.Train[0], Layout));
        Assert.Equal([0, 301, 301, 300, .. Picture(1)[4..]], TokenCorpus.WithoutCondition(Picture(1), Layout));
    }

    [Fact]
    public void Rows_of_codes_begin_with_their_condition_unless_they_are_packed()
    {
        using var folder = new Folder();
        Write(folder, 0, 9);
        TokenCorpus corpus = TokenCorpus.Open(folder.Path);
        RowStream whole = new EncodedCorpus(corpus).TrainRows(10, seed: 1), packed = new EncodedCorpus(corpus, packed: true).TrainRows(10, seed: 1);
        Assert.True(whole.Whole);
        Assert.False(packed.Whole);
        for (int i = 0; i < 2 * whole.RowsPerEpoch; i++) Assert.Equal(0, whole.Row(i)[0]);
        Assert.Contains(Enumerable.Range(0, (int)packed.RowsPerEpoch), i => packed.Row(i)[0] != 0);
        Assert.All(new EncodedCorpus(corpus).HeldOutRows(3, 10), row => Assert.Equal(0, row[0]));
    }

    [Fact]
    public void An_unfinished_one_is_gone_on_with_from_its_last_whole_document()
    {
        using Folder whole = new(), torn = new();
        Write(whole, 0, 9);
        using (var writer = new TokenCorpusWriter(torn.Path, Small.Vocabulary(), About))
            for (int i = 0; i < 5; i++) writer.Add(Picture(i), i % 3 == 0);
        Assert.Contains("no finished corpus", Assert.Throws<InvalidDataException>(() => TokenCorpus.Open(torn.Path)).Message, StringComparison.Ordinal);
        // Half an id of the next document.
        File.AppendAllBytes(torn.File("train.tokens"), [7]);
        using (var writer = new TokenCorpusWriter(torn.Path, Small.Vocabulary(), About))
        {
            // Pictures 1, 2, 4 were there to train on, 0 and 3 were held out: the last of each may be torn.
            Assert.Equal((2L, 1L), writer.Documents);
            foreach (int i in (int[])[3, 4, 5, 6, 7, 8]) writer.Add(Picture(i), i % 3 == 0);
            writer.Finish();
        }
        foreach (string name in (string[])["train.tokens", "held-out.tokens", "corpus.json", "tokenizer.merges"]) Assert.Equal(File.ReadAllBytes(whole.File(name)), File.ReadAllBytes(torn.File(name)));
        // A finished one is begun anew.
        using var again = new TokenCorpusWriter(torn.Path, Small.Vocabulary(), About);
        Assert.Equal((0L, 0L), again.Documents);
    }

    [Fact]
    public void Documents_that_are_none_are_refused()
    {
        using var folder = new Folder();
        using var writer = new TokenCorpusWriter(folder.Path, Small.Vocabulary(), About);
        foreach (int[] wrong in (int[][])[[], [5], [0, 5, 0], [0, 318], [0, -1]]) Assert.Throws<ArgumentException>(() => writer.Add(wrong, heldOut: false));
    }

    [Theory]
    [InlineData("train.tokens", new byte[] { 0, 0, 5 })]
    [InlineData("train.tokens", new byte[] { 5, 0, 6, 0 })]
    [InlineData("held-out.tokens", new byte[] { 0, 0, 255, 255 })]
    [InlineData("corpus.json", new byte[] { 123, 125 })]
    [InlineData("corpus.json", new byte[] { 91 })]
    [InlineData("tokenizer.merges", new byte[] { 49, 10 })]
    public void A_damaged_one_is_named(string file, byte[] bytes)
    {
        using var folder = new Folder();
        Write(folder, 0, 9);
        File.WriteAllBytes(folder.File(file), bytes);
        Assert.Contains(file, Assert.Throws<InvalidDataException>(() => TokenCorpus.Open(folder.Path)).Message, StringComparison.Ordinal);
    }

    private static void Write(Folder folder, int from, int to)
    {
        using var writer = new TokenCorpusWriter(folder.Path, Small.Vocabulary(), About);
        for (int i = from; i < to; i++) writer.Add(Picture(i), heldOut: i % 3 == 0);
        writer.Finish();
    }
}
