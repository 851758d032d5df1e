using Percheron.Formats;
using Percheron.Tests.Support;
using Xunit;

namespace Percheron.Tests.Formats;

public class GgufFileTests
{
    [Fact]
    public void Version_1_and_version_3_of_one_model_hold_the_same_weights()
    {
        using GgufFile old = GgufFile.Open(SharedData.Require("stories260k/stories260k-f32.gguf"));
        using GgufFile recent = GgufFile.Open(SharedData.Require("stories260k/stories260k-v3-f32.gguf"));
        Assert.Equal((1, 3), (old.Version, recent.Version));
        Assert.Equal("llama", old.GetString("general.architecture"));
        Assert.Equal(64u, old.GetUInt32("llama.embedding_length"));
        Assert.Equal(old.GetStrings("tokenizer.ggml.tokens"), recent.GetStrings("tokenizer.ggml.tokens"));
        Assert.Equal(old.GetFloats("tokenizer.ggml.scores"), recent.GetFloats("tokenizer.ggml.scores"));
        Assert.Equal(512, old.GetStrings("tokenizer.ggml.tokens").Length);
        Assert.Equal(48, old.Tensors.Count);
        // Only the rows of Q and K are ordered differently.
        foreach (TensorInfo tensor in old.Tensors.Where(tensor => !tensor.Name.Contains("attn_q.") && !tensor.Name.Contains("attn_k.")))
            Assert.Equal(old.ReadFloats(tensor), recent.ReadFloats(recent.Tensor(tensor.Name)));
    }

    [Fact]
    public void Shared_files_open_and_decode()
    {
        foreach (string path in Directory.GetFiles(SharedData.Require("golden"), "*.gguf").Concat(Directory.GetFiles(SharedData.Require("tokenizers/gguf"), "*.gguf")))
        {
            using GgufFile file = GgufFile.Open(path);
            foreach (TensorInfo tensor in file.Tensors) Assert.All(file.ReadFloats(tensor), value => Assert.True(float.IsFinite(value)));
            if (file.TryGetStrings("tokenizer.ggml.tokens", out string[] tokens)) Assert.Equal(tokens.Length, file.GetInts("tokenizer.ggml.token_type").Length);
        }
    }
}
