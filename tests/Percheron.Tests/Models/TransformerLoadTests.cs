using Percheron.Formats;
using Percheron.Kernels;
using Percheron.Models;
using Xunit;

namespace Percheron.Tests.Models;

/// <summary>What cannot be a model is refused with the name of what is wrong.</summary>
public sealed class TransformerLoadTests
{
    [Theory]
    [InlineData("token_embd.weight")]
    [InlineData("blk.1.attn_q.weight")]
    [InlineData("blk.0.ffn_gate.weight")]
    [InlineData("blk.1.ffn_down.weight")]
    public void A_missing_tensor_is_named(string name) => Refused(TinyModel.Llama with { Without = [name] }, name);

    [Theory]
    [InlineData("block_count")]
    [InlineData("context_length")]
    [InlineData("embedding_length")]
    [InlineData("feed_forward_length")]
    [InlineData("attention.head_count")]
    [InlineData("attention.layer_norm_rms_epsilon")]
    public void A_missing_key_is_named(string key) => Refused(TinyModel.Llama with { Without = [key] }, $"llama.{key}");

    [Theory]
    [InlineData("qwen2", "blk.0.attn_k.bias")]
    [InlineData("gpt2", "blk.1.ffn_up.bias")]
    [InlineData("gpt2", "position_embd.weight")]
    public void Parts_of_an_architecture_are_required(string architecture, string name) => Refused(TinyModel.Of(architecture) with { Without = [name] }, name);

    [Fact]
    public void Head_norms_are_required_of_qwen3() => Refused(TinyModel.Qwen3 with { QkNorm = false }, "blk.0.attn_q_norm.weight");

    [Fact]
    public void An_unknown_architecture_is_named_with_the_known_ones() => Refused(TinyModel.Llama with { Architecture = "mamba" }, "mamba", "llama", "phi3");

    [Fact]
    public void Experts_are_refused() => Refused(TinyModel.Llama with { Metadata = [("expert_count", 8u)] }, "mixture");

    [Theory]
    [InlineData("rope.dimension_count", 65u)]
    [InlineData("rope.dimension_count", 128u)]
    [InlineData("attention.key_length", 32u)]
    [InlineData("attention.value_length", 32u)]
    public void Sizes_that_contradict_are_refused(string key, uint size)
    {
        using TinyFile file = (TinyModel.Llama with { Metadata = [(key, size)] }).Build();
        Assert.Throws<ModelFormatException>(() => file.Load());
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(5, 2)]
    [InlineData(4, 3)]
    [InlineData(2, 4)]
    [InlineData(-1, 1)]
    public void Head_counts_that_contradict_are_refused(int heads, int keyHeads)
    {
        TinyModel tiny = TinyModel.Llama with
        {
            Without = ["attention.head_count", "attention.head_count_kv"], Metadata = [("attention.head_count", (uint)heads), ("attention.head_count_kv", (uint)keyHeads)],
        };
        using TinyFile file = tiny.Build();
        Assert.Throws<ModelFormatException>(() => file.Load());
    }

    [Fact]
    public void A_wrong_shape_is_named_with_the_right_one() =>
        Refused(TinyModel.Llama with { Without = ["feed_forward_length"], Metadata = [("feed_forward_length", 500u)] }, "blk.0.ffn_gate.weight", "[512, 256]", "[500, 256]");

    [Fact]
    public void An_absurd_layer_count_costs_nothing() =>
        Refused(TinyModel.Llama with { Without = ["block_count"], Metadata = [("block_count", 16_000_000u)] }, "blk.2.attn");

    [Fact]
    public void Learned_positions_bound_the_context()
    {
        TinyModel tiny = TinyModel.Gpt2 with { Without = ["context_length"], Metadata = [("context_length", 100_000u)] };
        using TinyFile file = tiny.Build();
        using Transformer model = file.Load();
        Assert.Equal(tiny.Context, model.ContextLength);
    }

    [Fact]
    public void Weight_bytes_are_what_one_row_reads()
    {
        TinyModel tiny = TinyModel.Llama with { Type = TensorType.Q8_0 };
        using TinyFile file = tiny.Build();
        using Transformer model = file.Load();
        long matrices = file.Gguf.Tensors.Where(tensor => tensor.Type == TensorType.Q8_0 && tensor.Name != "token_embd.weight").Sum(tensor => tensor.ByteLength);
        Assert.Equal(matrices, model.WeightBytes);
    }

    [Fact]
    public void A_closed_file_or_cache_is_noticed()
    {
        using TinyFile file = TinyModel.Llama.Build();
        using Transformer model = file.Load();
        KvCache cache = model.NewCache(), overlay = cache.NewOverlay();
        ModelRunner.Sequence(model, cache, [1, 2]);
        cache.Dispose();
        Assert.Throws<ObjectDisposedException>(() => ModelRunner.Sequence(model, cache, [3]));
        Assert.Throws<ObjectDisposedException>(() => ModelRunner.Sequence(model.View([0]), overlay, [3]));
        file.Gguf.Dispose();
        Assert.Throws<ObjectDisposedException>(() => ModelRunner.Sequence(model, [3]));
    }

    [Fact]
    public void Models_may_share_threads()
    {
        using TinyFile file = TinyModel.Llama.Build();
        using ThreadTeam team = new(2);
        using Transformer alone = file.Load();
        float[][] expected = ModelRunner.Sequence(alone, [5, 6, 7]);
        for (int i = 0; i < 2; i++)
        {
            using Transformer model = Transformer.Load(file.Gguf, new ModelOptions { Team = team, CacheType = CacheType.F32 });
            Assert.Same(team, model.Team);
            Assert.Equal(expected, ModelRunner.Sequence(model, [5, 6, 7]));
        }
    }

    /// <summary>A damaged file either is refused or is a model, perhaps a bad one, that runs.</summary>
    [Fact]
    public void Damaged_headers_never_crash()
    {
        TinyModel tiny = TinyModel.Phi3 with
        {
            Hidden = 32, Heads = 4, HeadSize = 8, FeedForward = 32, Vocab = 16, Context = 32,
            Metadata = [("rope.dimension_count", 8u), ("rope.scaling.original_context_length", 16u), ("rope.scaling.type", "yarn"), ("rope.scaling.factor", 2f), ("rope.freq_base", 100f)],
            Vectors = [("rope_factors_long.weight", [1, 2, 3, 4]), ("rope_factors_short.weight", [1, 1, 1, 1])],
        };
        using TinyFile file = tiny.Build();
        byte[] whole = File.ReadAllBytes(file.Path);
        int header = (int)file.Gguf.Tensors[0].Offset, loaded = 0;
        Random random = new(11);
        string path = file.Path + ".damaged";
        for (int round = 0; round < 600; round++)
        {
            byte[] bytes = (byte[])whole.Clone();
            for (int change = random.Next(1, 4); change > 0; change--)
            {
                int at = random.Next(24, header);
                bytes[at] = random.Next(3) switch { 0 => (byte)random.Next(256), 1 => (byte)(bytes[at] ^ 1 << random.Next(8)), _ => (byte)random.Next(9) };
            }
            File.WriteAllBytes(path, bytes);
            try
            {
                using GgufFile damaged = GgufFile.Open(path);
                using Transformer model = Transformer.Load(damaged, new ModelOptions { Threads = 1 });
                ModelRunner.Sequence(model, [0, Math.Min(1, model.Vocab - 1)]);
                loaded++;
            }
            catch (ModelFormatException)
            {
            }
        }
        File.Delete(path);
        Assert.InRange(loaded, 20, 580);
    }

    private static void Refused(TinyModel tiny, params string[] words)
    {
        using TinyFile file = tiny.Build();
        ModelFormatException error = Assert.Throws<ModelFormatException>(() => file.Load());
        Assert.Contains(file.Path, error.Message);
        foreach (string word in words) Assert.Contains(word, error.Message);
    }
}
