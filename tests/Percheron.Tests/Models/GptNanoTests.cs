using System.Runtime.InteropServices;
using System.Text.Json;
using Percheron.Formats;
using Percheron.Models;
using Percheron.Tests.Support;
using Xunit;

namespace Percheron.Tests.Models;

/// <summary>A trained three-layer GPT whose every intermediate value was written down: GPT-2 arithmetic layer by layer.</summary>
public sealed class GptNanoTests
{
    private const int Layers = 3, Hidden = 48, Context = 11;

    /// <summary>GELU is rounded to half precision here and was not there.</summary>
    private const double Tolerance = 4e-3;

    [Fact]
    public void Every_layer_matches()
    {
        using JsonDocument weights = JsonDocument.Parse(File.ReadAllText(SharedData.Require("reference/gpt-nano-sort-model.json")));
        using JsonDocument partials = JsonDocument.Parse(File.ReadAllText(SharedData.Require("reference/gpt-nano-sort-t0-partials.json")));
        using TinyFile file = Convert(weights.RootElement);
        using Transformer model = file.Load();
        float[] tokens = Floats(partials.RootElement.GetProperty("idx"));
        for (int item = 0; item < tokens.Length / Context; item++)
        {
            using KvCache cache = model.NewCache();
            Rows rows = new();
            rows.Reset(cache, new FeatureSet(0, 1, 2, 3, 4));
            for (int t = 0; t < Context; t++) rows.Add((int)tokens[item * Context + t], t - 1, logits: true);
            model.Forward([rows]);
            string[] states = ["x", "block0", "block1", "block2", "ln_f"];
            for (int t = 0; t < Context; t++)
            {
                for (int state = 0; state < states.Length; state++) Near(Row(states[state], Hidden), rows.Feature(t, state), state == 0 ? 1e-6 : Tolerance);
                Near(Row("lm_head", model.Vocab), rows.Logits(t), 5 * Tolerance);

                float[] Row(string name, int size) => Floats(partials.RootElement.GetProperty(name)).AsSpan((item * Context + t) * size, size).ToArray();
            }
        }
    }

    private static TinyFile Convert(JsonElement weights)
    {
        GgufWriter writer = new();
        writer.Add("general.architecture", "gpt2");
        writer.Add("gpt2.block_count", (uint)Layers);
        writer.Add("gpt2.context_length", (uint)Context);
        writer.Add("gpt2.embedding_length", (uint)Hidden);
        writer.Add("gpt2.feed_forward_length", (uint)(4 * Hidden));
        writer.Add("gpt2.attention.head_count", 3u);
        writer.Add("gpt2.attention.layer_norm_epsilon", 1e-5f);
        Add("token_embd.weight", "transformer.wte.weight");
        Add("position_embd.weight", "transformer.wpe.weight");
        Add("output_norm.weight", "transformer.ln_f.weight");
        Add("output_norm.bias", "transformer.ln_f.bias");
        Add("output.weight", "lm_head.weight");
        (string Ours, string Theirs)[] parts =
            [("attn_norm", "ln_1"), ("attn_qkv", "attn.c_attn"), ("attn_output", "attn.c_proj"), ("ffn_norm", "ln_2"), ("ffn_up", "mlp.c_fc"), ("ffn_down", "mlp.c_proj")];
        for (int layer = 0; layer < Layers; layer++)
        {
            foreach ((string ours, string theirs) in parts)
                foreach (string kind in new[] { "weight", "bias" }) Add($"blk.{layer}.{ours}.{kind}", $"transformer.h.{layer}.{theirs}.{kind}");
        }
        return TinyFile.Write(writer);

        void Add(string ours, string theirs)
        {
            JsonElement tensor = weights.GetProperty(theirs);
            long[] shape = [.. tensor.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()).Reverse()];
            writer.AddTensor(ours, TensorType.F32, shape, Floats(tensor).AsMemory());
        }
    }

    private static float[] Floats(JsonElement tensor) => MemoryMarshal.Cast<byte, float>(tensor.GetProperty("data").GetBytesFromBase64()).ToArray();

    private static void Near(float[] expected, ReadOnlySpan<float> actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], tolerance);
    }
}
