using System.Text.Json;
using Percheron.Formats;
using Percheron.Models;
using Percheron.Tests.Support;
using Xunit;

namespace Percheron.Tests.Models;

/// <summary>Small files whose logits an independent engine computed.</summary>
public sealed class GoldenModelTests
{
    public static TheoryData<string> Files =>
        ["llama-f32", "llama-f16", "llama-bf16", "llama-q8_0", "llama-q4_0", "llama-q4_k", "llama-q6_k", "qwen2-q8_0", "gpt2-f32", "yarn-f32"];

    [Theory]
    [MemberData(nameof(Files))]
    public void Logits_and_greedy_ids_match(string name)
    {
        string path = SharedData.Require($"golden/{name}.gguf");
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllText(SharedData.Require($"golden/{name}.json")));
        int[] prompt = Ints(golden.RootElement.GetProperty("prompt_tokens"));
        int[] expected = Ints(golden.RootElement.GetProperty("greedy_tokens"));
        double tolerance = golden.RootElement.GetProperty("tolerance").GetDouble();
        using GgufFile file = GgufFile.Open(path);
        using Transformer model = Transformer.Load(file, new ModelOptions { Threads = 1, CacheType = CacheType.F32 });

        float[][] logits = ModelRunner.Sequence(model, prompt);
        foreach (JsonProperty row in golden.RootElement.GetProperty("logits_rows").EnumerateObject())
        {
            float[] actual = logits[int.Parse(row.Name)];
            int i = 0;
            foreach (JsonElement value in row.Value.EnumerateArray()) Assert.Equal(value.GetDouble(), actual[i++], tolerance);
            Assert.Equal(i, actual.Length);
        }
        Assert.Equal(expected, ModelRunner.Greedy(model, prompt, expected.Length).Tokens);
    }

    private static int[] Ints(JsonElement array) => [.. array.EnumerateArray().Select(value => value.GetInt32())];
}
