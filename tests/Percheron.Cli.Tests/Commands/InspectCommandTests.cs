using System.Text;
using System.Text.Json.Nodes;
using Percheron.Cli.Tests.Support;
using Percheron.Tests.Support;
using Xunit;

namespace Percheron.Cli.Tests.Commands;

public class InspectCommandTests
{
    [Fact]
    public void A_missing_file_is_named() => Assert.Contains("no-such-file", Run.Of("inspect", "/no-such-file.gguf").Fails(1), StringComparison.Ordinal);

    [Fact]
    public void Says_what_a_model_holds_and_costs()
    {
        using TinyModel model = new();
        JsonNode report = Run.Of("inspect", model.Path, "--json").Json;
        Assert.Equal(("gguf", 3, "llama"), ((string?)report["format"], (int)report["version"]!, (string?)report["architecture"]));
        Assert.Equal(new FileInfo(model.Path).Length, (long)report["bytes"]!);
        Assert.Equal(report["tensors"]!.AsArray().Sum(t => t!["shape"]!.AsArray().Aggregate(1L, (n, d) => n * (long)d!)), (long)report["parameters"]!);
        Assert.Equal("[36,64]", report["tensors"]!.AsArray().Single(t => (string?)t!["name"] == "output.weight")!["shape"]!.ToJsonString());
        Assert.Equal(36, (int)report["metadata"]!["tokenizer.ggml.tokens"]!["count"]!);
        // 4 layers × 2 key heads × (16 + 16) numbers.
        Assert.Equal(1024 * 4 * 2 * 32 * 2, (long)report["cost"]!["cache_bytes_per_1k_f16"]!);
        Assert.Equal(1024 * 4 * 2 * 32 * 4, (long)report["cost"]!["cache_bytes_per_1k_f32"]!);
        // All weights but 35 of the 36 rows of the embedding.
        long weights = report["tensors"]!.AsArray().Sum(t => (long)t!["bytes"]!);
        Assert.Equal(weights - (35 * 64 * 4), (long)report["cost"]!["weight_bytes_per_token"]!);
    }

    [Fact]
    public void The_table_shows_metadata_tensors_and_cost()
    {
        using TinyModel model = new();
        string output = Run.Of("inspect", model.Path).Output;
        foreach (string word in new[] { "llama.block_count", "36 × String: <unk>, <s>", "blk.0.attn_q.weight", "[64, 64]", "weights read for each token" })
            Assert.Contains(word, output, StringComparison.Ordinal);
    }

    [Fact]
    public void Reads_safetensors()
    {
        string path = Path.Combine(Path.GetTempPath(), $"percheron-{Guid.NewGuid():N}.safetensors");
        byte[] header = Encoding.UTF8.GetBytes("""{"__metadata__":{"format":"pt"},"w":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}}""");
        File.WriteAllBytes(path, [.. BitConverter.GetBytes((long)header.Length), .. header, .. new byte[24]]);
        JsonNode report = Run.Of("inspect", path, "--json").Json;
        File.Delete(path);
        Assert.Equal(("safetensors", 6, "pt"), ((string?)report["format"], (int)report["parameters"]!, (string?)report["metadata"]!["format"]));
        Assert.Equal("[2,3]", report["tensors"]![0]!["shape"]!.ToJsonString());
        Assert.Null(report["cost"]);
    }

    [Fact]
    public void Shows_what_stories260k_costs()
    {
        JsonNode report = Run.Of("inspect", SharedData.Require("stories260k/stories260k-v3-f32.gguf"), "--json").Json;
        Assert.Equal("llama", (string?)report["architecture"]);
        // 5 layers × 4 key heads × (8 + 8) floats.
        Assert.Equal(1024 * 5 * 4 * 16 * 4, (long?)report["cost"]!["cache_bytes_per_1k_f32"]);
    }
}
