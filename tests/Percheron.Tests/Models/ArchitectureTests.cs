using Percheron.Formats;
using Percheron.Models;
using Xunit;

namespace Percheron.Tests.Models;

/// <summary>Every architecture and variation against its definition in double precision, on random weights.</summary>
public sealed class ArchitectureTests
{
    private const int Length = 12;

    [Theory]
    [InlineData("llama")]
    [InlineData("qwen2")]
    [InlineData("qwen3")]
    [InlineData("phi3")]
    [InlineData("gpt2")]
    public void Plain_architectures_match_their_definition(string architecture) => Matches(TinyModel.Of(architecture), reference => reference);

    [Theory]
    [InlineData("mistral")]
    [InlineData("smollm")]
    public void Aliases_of_llama_are_read_under_their_own_keys(string name) => Matches(TinyModel.Llama with { Architecture = name }, reference => reference);

    [Fact]
    public void Biases_fused_matrices_and_head_norms_are_taken_where_a_llama_file_has_them()
    {
        Matches(TinyModel.Llama with { QkvBias = true, OtherBias = true }, reference => reference);
        Matches(TinyModel.Llama with { Fused = true, QkvBias = true }, reference => reference);
        Matches(TinyModel.Llama with { QkNorm = true, Tied = true }, reference => reference);
    }

    [Fact]
    public void Sizes_need_not_be_round() =>
        Matches(TinyModel.Llama with { Hidden = 60, Heads = 5, KeyHeads = 5, HeadSize = 12, FeedForward = 91, Vocab = 37 }, reference => reference);

    [Fact]
    public void One_key_head_may_serve_all_query_heads() => Matches(TinyModel.Llama with { KeyHeads = 1 }, reference => reference);

    [Fact]
    public void Gelu_is_rounded_to_half_precision_and_nothing_else_in_gpt2() => Matches(TinyModel.Gpt2 with { Tied = true, Layers = 1 }, reference => reference);

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(64)]
    public void Sliding_windows_hide_older_positions(int window) =>
        Matches(
            TinyModel.Llama with { Metadata = [("attention.sliding_window", (uint)window)] },
            (file, model) => new ReferenceTransformer(file, model) { AdjacentPairs = true, Frequencies = Plain(model), Window = window });

    [Fact]
    public void Attention_scale_may_be_given() =>
        Matches(
            TinyModel.Llama with { Metadata = [("attention.scale", 0.2f)] },
            (file, model) => new ReferenceTransformer(file, model) { AdjacentPairs = true, Frequencies = Plain(model), AttentionScale = 0.2f });

    /// <summary>The bounds are about twice what activations that are quantized or rounded were seen to cost.</summary>
    [Theory]
    [InlineData(TensorType.F16, 1e-4)]
    [InlineData(TensorType.Q4_1, 1e-4)]
    [InlineData(TensorType.Q5_0, 1e-4)]
    [InlineData(TensorType.Q5_1, 1e-4)]
    [InlineData(TensorType.Q5_K, 1e-4)]
    [InlineData(TensorType.BF16, 0.04)]
    [InlineData(TensorType.Q8_0, 0.1)]
    [InlineData(TensorType.Q4_0, 0.1)]
    [InlineData(TensorType.Q4_K, 0.3)]
    [InlineData(TensorType.Q6_K, 0.3)]
    public void Every_block_type_multiplies(TensorType type, double tolerance)
    {
        Matches(TinyModel.Llama with { Type = type }, reference => reference, tolerance);
        Matches(TinyModel.Phi3 with { Type = type }, reference => reference, tolerance);
    }

    [Fact]
    public void Rotary_dimensions_may_be_fewer_than_the_head()
    {
        foreach (TinyModel plain in new[] { TinyModel.Llama, TinyModel.Phi3 })
        {
            Matches(
                plain with { Metadata = [("rope.dimension_count", 24u)] },
                (file, model) => new ReferenceTransformer(file, model) { AdjacentPairs = model.Architecture == "llama", Frequencies = ReferenceTransformer.PlainFrequencies(24) });
        }
    }

    internal static double[] Plain(TinyModel model) => ReferenceTransformer.PlainFrequencies(model.HeadSize);

    internal static void Matches(TinyModel model, Func<TinyModel, TinyModel> changed, double? tolerance = null) =>
        Matches(changed(model), Reference, tolerance);

    /// <summary>Logits of the runtime against those of <paramref name="reference"/>, relative to their size, for a sequence of <see cref="Length"/> tokens.</summary>
    internal static void Matches(TinyModel model, Func<GgufFile, TinyModel, ReferenceTransformer> reference, double? tolerance = null, int context = 0)
    {
        // GELU in half precision costs three digits; everything else is single precision.
        double allowed = tolerance ?? (model.Gelu ? 3e-3 : 1e-5);
        using TinyFile file = model.Build();
        using Transformer transformer = file.Load(context: context);
        int[] tokens = ModelRunner.Tokens(Length, model.Vocab);
        float[][] actual = ModelRunner.Sequence(transformer, tokens);
        double[][] expected = reference(file.Gguf, model).Logits(tokens);
        double size = Math.Sqrt(expected.SelectMany(row => row).Average(value => value * value));
        for (int t = 0; t < tokens.Length; t++)
            for (int i = 0; i < model.Vocab; i++) Assert.Equal(expected[t][i], actual[t][i], allowed * size);
    }

    private static ReferenceTransformer Reference(GgufFile file, TinyModel model) => new(file, model)
    {
        AdjacentPairs = model.Architecture is "llama" or "mistral" or "smollm", Frequencies = model.LearnedPositions ? null : Plain(model),
    };
}
