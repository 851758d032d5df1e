using Percheron.Codecs;
using Percheron.Formats;
using Percheron.Training.Export;
using Percheron.Training.Nets;
using Percheron.Training.Tests.Support;
using Percheron.Training.Tokens;
using Xunit;
using static TorchSharp.torch;

namespace Percheron.Training.Tests.Tokens;

public class ModelVocabularyTests
{
    private static readonly CodeLayout Layout = new() { Kind = CodeLayout.Speech, First = 302, Count = 5, Books = 2, Begin = 300, Blank = 301, Guidance = 1.5f };

    [Fact]
    public void Text_specials_and_codes_stand_one_behind_the_other()
    {
        var vocabulary = new ModelVocabulary(Small.Vocabulary(), ["<begin>", "<blank>"], Layout);
        Assert.Equal(312, vocabulary.Count);
        Assert.Equal(["<begin>", "<blank>", "<code_0_0>", "<code_1_4>"], new[] { 300, 301, 302, 311 }.Select(vocabulary.Spelling));
        Assert.Equal((300, 301, -1), (vocabulary.Special("<begin>"), vocabulary.Special("<blank>"), vocabulary.Special("<voice>")));
        Assert.True(vocabulary.IsControl(0) && vocabulary.IsControl(300) && vocabulary.IsControl(311));
        Assert.False(vocabulary.IsControl(1) || vocabulary.IsControl(299));
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        BpeVocabulary text = Small.Vocabulary();
        Assert.Throws<ArgumentException>(() => new ModelVocabulary(text, ["<begin>"], Layout));
        Assert.Throws<ArgumentException>(() => new ModelVocabulary(text, ["<begin>", "<begin>"], Layout));
        Assert.Throws<ArgumentException>(() => new ModelVocabulary(text, ["<begin>", BpeVocabulary.EndOfTextSpelling], Layout));
    }

    [TorchFact]
    public void A_file_gives_it_back_and_the_runtime_reads_the_same_ids()
    {
        var vocabulary = new ModelVocabulary(Small.Vocabulary(), ["<begin>", "<blank>"], Layout);
        using var folder = new Folder();
        string path = folder.File("codes.gguf");
        using (var net = new LlamaNet(Small.Shape with { Vocab = vocabulary.Count }, 4, ScalarType.Float32)) GgufModel.Write(path, net, vocabulary, TensorType.F32, "Codes", "cc-by-sa-4.0");
        ModelVocabulary back = GgufModel.ReadVocabulary(path);
        Assert.Equal(vocabulary.Text.Merges, back.Text.Merges);
        Assert.Equal(vocabulary.Specials, back.Specials);
        Assert.Equal(Layout, back.Codes);
        using GgufFile file = GgufFile.Open(path);
        Assert.Equal("cc-by-sa-4.0", file.GetString("general.license", ""));
        Assert.Equal(Layout, CodeLayout.Read(file));
        var tokenizer = Tokenizer.FromGguf(file);
        var ids = new List<int> { 0 };
        vocabulary.Text.Encode("M:Acme.Tool3", ids);
        Assert.Equal(ids, tokenizer.Encode("M:Acme.Tool3"));
        Assert.Equal("", tokenizer.Decode([300, 305]));
    }
}
