using System.Text.Json.Nodes;
using Percheron.Cli.Tests.Support;
using Percheron.Formats;
using Xunit;

namespace Percheron.Cli.Tests.Commands;

public class QuantizeCommandTests
{
    [Theory]
    [InlineData("q8_0", "Q8_0")]
    [InlineData("bf16", "BF16")]
    [InlineData("q4_k", "Q8_0")]
    public void Writes_the_type_or_falls_back_and_says_so(string type, string stored)
    {
        using TinyModel model = new();
        string output = Path.ChangeExtension(model.Path, ".out.gguf");
        try
        {
            Run run = Run.Of("quantize", model.Path, output, "--type", type);
            Assert.Equal((0, ""), (run.Code, run.Output));
            using GgufFile file = GgufFile.Open(output);
            Assert.Equal(stored, file.Tensor("output.weight").Type.ToString());
            Assert.Equal(type == "q4_k", run.Error.Contains("output.weight: 64 columns are not whole Q4_K blocks, stored as Q8_0", StringComparison.Ordinal));
        }
        finally
        {
            File.Delete(output);
        }
    }

    [Fact]
    public void Json_lists_the_fallbacks()
    {
        using TinyModel model = new();
        string output = Path.ChangeExtension(model.Path, ".out.gguf");
        JsonNode json = Run.Of("quantize", model.Path, output, "--type", "q6_k", "--json").Json;
        File.Delete(output);
        Assert.All(json["fallbacks"]!.AsArray(), f => Assert.Equal("Q8_0", (string?)f!["stored"]));
        Assert.Equal(30, json["fallbacks"]!.AsArray().Count);
    }

    [Theory]
    [InlineData(2, "--type", "q3_k")]
    [InlineData(2)]
    public void Wrong_types_are_wrong_usage(int code, params string[] type)
    {
        using TinyModel model = new();
        Run.Of(["quantize", model.Path, Path.Combine(Path.GetTempPath(), "never-written.gguf"), .. type]).Fails(code);
    }

    [Fact]
    public void A_missing_folder_is_named()
    {
        using TinyModel model = new();
        Assert.Contains("/no/such/folder", Run.Of("quantize", model.Path, "/no/such/folder/x.gguf", "--type", "f16").Fails(1), StringComparison.Ordinal);
    }
}
