using Percheron.Codecs;
using Percheron.Formats;
using Percheron.Training.Export;
using Percheron.Training.Nets;
using Percheron.Training.Tests.Support;
using Percheron.Training.Tokens;
using Xunit;
using static TorchSharp.torch;

namespace Percheron.Training.Tests.Export;

public class GgufModelTests
{
    [TorchFact]
    public void Parameters_and_vocabulary_come_back()
    {
        BpeVocabulary vocabulary = Small.Vocabulary();
        using var net = new LlamaNet(Small.Shape, 4, ScalarType.Float32);
        string path = Path.GetTempFileName();
        try
        {
            GgufModel.Write(path, net, vocabulary, TensorType.F32, "Small");
            using LlamaNet back = GgufModel.Read(path, ScalarType.Float32);
            Assert.Equal(net.Shape, back.Shape);
            foreach ((string name, Tensor value) in net.Tensors) Assert.Equal(value.data<float>().ToArray(), back.Tensors[name].data<float>().ToArray());
            Assert.Equal(vocabulary.Merges, GgufModel.ReadVocabulary(path).Text.Merges);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [TorchFact]
    public void The_runtimes_tokenizer_reads_the_same_ids()
    {
        BpeVocabulary vocabulary = Small.Vocabulary();
        using var net = new LlamaNet(Small.Shape, 4, ScalarType.Float32);
        string path = Path.GetTempFileName();
        try
        {
            GgufModel.Write(path, net, vocabulary, TensorType.Q8_0, "Small");
            using GgufFile file = GgufFile.Open(path);
            var tokenizer = Tokenizer.FromGguf(file);
            Assert.Equal(0, tokenizer.Bos);
            Assert.Equal(0, tokenizer.Eos);
            foreach (string text in Small.Documents.Take(5).Select(document => document.Text).Append("It's  a\ttool, isn't it?\n\n  Ünïcödé – 日本語 🐎 3.14"))
            {
                var ids = new List<int> { BpeVocabulary.EndOfText };
                vocabulary.Encode(text, ids);
                Assert.Equal(ids, tokenizer.Encode(text));
                Assert.Equal(text, tokenizer.Decode(ids.ToArray()));
            }
        }
        finally
        {
            File.Delete(path);
        }
    }
}
