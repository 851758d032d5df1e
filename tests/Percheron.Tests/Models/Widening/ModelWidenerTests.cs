using Percheron.Formats;
using Percheron.Models;
using Percheron.Models.Widening;
using Xunit;

namespace Percheron.Tests.Models.Widening;

public sealed class ModelWidenerTests
{
    [Theory]
    [InlineData("llama", 3)]
    [InlineData("qwen2", 2)]
    [InlineData("qwen3", 3)]
    [InlineData("phi3", 3)]
    [InlineData("gpt2", 2)]
    public void AWidenedModelComputesTheSameFunction(string architecture, int factor)
    {
        TinyModel tiny = TinyModel.Of(architecture) with { Hidden = 64, HeadSize = 16, FeedForward = 128 };
        using TinyFile file = tiny.Build();
        using Widened wide = new(file.Gguf, factor);
        using Transformer narrow = file.Load(), widened = wide.Load();
        Assert.Equal(tiny.Hidden * factor, widened.Config.HiddenSize);
        Assert.Equal(narrow.Config.HeadSize, widened.Config.HeadSize);
        Assert.Equal(narrow.Config.AttentionScale, widened.Config.AttentionScale);
        int[] tokens = ModelRunner.Tokens(12, tiny.Vocab);
        float[][] expected = ModelRunner.Sequence(narrow, tokens), actual = ModelRunner.Sequence(widened, tokens);
        for (int row = 0; row < tokens.Length; row++)
            for (int token = 0; token < tiny.Vocab; token++)
                Assert.True(Math.Abs(expected[row][token] - actual[row][token]) < 1e-4f, $"row {row}, token {token}: {expected[row][token]} became {actual[row][token]}");
    }

    [Fact]
    public void UntiedAndGroupedHeadsKeepTheirPlaces()
    {
        TinyModel tiny = TinyModel.Llama with { Hidden = 96, Heads = 6, KeyHeads = 3, HeadSize = 16, FeedForward = 64, Tied = true };
        using TinyFile file = tiny.Build();
        using Widened wide = new(file.Gguf, 2);
        using Transformer narrow = file.Load(), widened = wide.Load();
        Assert.Equal((12, 6), (widened.Config.HeadCount, widened.Config.KeyValueHeadCount));
        int[] prompt = ModelRunner.Tokens(5, tiny.Vocab);
        Assert.Equal(ModelRunner.Greedy(narrow, prompt, 40).Tokens, ModelRunner.Greedy(widened, prompt, 40).Tokens);
    }

    [Fact]
    public void CopiesDifferAndAddUp()
    {
        using TinyFile file = (TinyModel.Llama with { Hidden = 64, HeadSize = 16, FeedForward = 128 }).Build();
        using Widened wide = new(file.Gguf, 4);
        float[] narrow = file.Gguf.ReadFloats(file.Gguf.Tensor("blk.0.ffn_down.weight")), widened = wide.Gguf.ReadFloats(wide.Gguf.Tensor("blk.0.ffn_down.weight"));
        HashSet<float> shares = [];
        for (int row = 0; row < 256; row++)
        {
            for (int column = 0; column < 128; column++)
            {
                float sum = 0;
                for (int copy = 0; copy < 4; copy++)
                {
                    float share = widened[(row * 512) + (copy * 128) + column];
                    shares.Add(share);
                    sum += share;
                }
                Assert.Equal(narrow[(row % 64 * 128) + column], sum, 1e-6f);
            }
        }
        Assert.True(shares.Count > 100_000, "the copies of a weight are equal");
    }

    [Fact]
    public void TheSameFileGivesTheSameBytes()
    {
        using TinyFile file = (TinyModel.Llama with { Hidden = 64, HeadSize = 16, FeedForward = 128 }).Build();
        using Widened one = new(file.Gguf, 2), other = new(file.Gguf, 2);
        Assert.Equal(File.ReadAllBytes(one.Path), File.ReadAllBytes(other.Path));
    }

    [Fact]
    public void ATensorOfUnknownRoleIsNamed()
    {
        using TinyFile file = (TinyModel.Llama with { Vectors = [("blk.0.mystery.weight", new float[8])] }).Build();
        Assert.Contains("blk.0.mystery.weight", Assert.Throws<ModelFormatException>(() => new Widened(file.Gguf, 2)).Message, StringComparison.Ordinal);
    }

    /// <summary>A widened model in a temporary file.</summary>
    private sealed class Widened : IDisposable
    {
        public Widened(GgufFile narrow, int factor)
        {
            ModelWidener.Widen(narrow, Path, factor);
            Gguf = GgufFile.Open(Path);
        }

        public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"percheron-{Guid.NewGuid():N}.gguf");

        public GgufFile Gguf { get; }

        public Transformer Load() => Transformer.Load(Gguf, new ModelOptions { Threads = 1, CacheType = CacheType.F32 });

        public void Dispose()
        {
            Gguf.Dispose();
            File.Delete(Path);
        }
    }
}
