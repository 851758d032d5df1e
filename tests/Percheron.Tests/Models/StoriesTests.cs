using System.Text.Json;
using Percheron.Formats;
using Percheron.Models;
using Percheron.Tests.Support;
using Xunit;

namespace Percheron.Tests.Models;

/// <summary>The smallest real model: 200 greedy tokens and logits computed in double precision.</summary>
public sealed class StoriesTests
{
    [Theory]
    [InlineData("stories260k-f32.gguf", 1)]
    [InlineData("stories260k-v3-f32.gguf", 2)]
    public void Greedy_tokens_and_logits_match(string name, int threads)
    {
        string path = SharedData.Require($"stories260k/{name}");
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllText(SharedData.Require("stories260k/golden_greedy200.json")));
        int[] ids = [.. golden.RootElement.GetProperty("ids").EnumerateArray().Select(value => value.GetInt32())];
        using GgufFile file = GgufFile.Open(path);
        using Transformer model = Transformer.Load(file, new ModelOptions { Threads = threads });
        Assert.Equal(CacheType.F32, model.CacheType);

        (int[] tokens, float[][] logits) = ModelRunner.Greedy(model, [ids[0]], ids.Length - 1);
        Assert.Equal(ids[1..], tokens);
        foreach (JsonProperty row in golden.RootElement.GetProperty("logits").EnumerateObject())
        {
            int i = 0;
            foreach (JsonElement value in row.Value.EnumerateArray()) Assert.Equal(value.GetDouble(), logits[int.Parse(row.Name)][i++], 1e-3);
            Assert.Equal(model.Vocab, i);
        }
    }
}
