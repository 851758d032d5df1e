using System.Text.Json.Nodes;
using Percheron.Cli.Tests.Support;
using Percheron.Tests.Support;
using Xunit;

namespace Percheron.Cli.Tests.Commands;

public class TokenizeCommandTests
{
    [Fact]
    public void Json_has_ids_and_pieces()
    {
        using TinyModel model = new();
        JsonNode json = Run.Of("tokenize", "-m", model.Path, "abc the", "--json").Json;
        Assert.Equal("[1,3,30,6,33]", json["tokens"]!.ToJsonString());
        Assert.Equal(["<s>", "▁", "ab", "c", "▁the"], json["pieces"]!.AsArray().Select(n => (string)n!));
    }

    [Fact]
    public void No_bos_adds_nothing()
    {
        using TinyModel model = new();
        Assert.Equal("[3,30,6,33]", Run.Of("tokenize", "-m", model.Path, "abc the", "--json", "--no-bos").Json["tokens"]!.ToJsonString());
    }

    [Fact]
    public void Special_tokens_spelled_out_are_text_on_request()
    {
        using TinyModel model = new();
        Assert.Contains(TinyModel.Eos, Ids(Run.Of("tokenize", "-m", model.Path, "a</s>", "--json")));
        Assert.DoesNotContain(TinyModel.Eos, Ids(Run.Of("tokenize", "-m", model.Path, "a</s>", "--json", "--no-parse-special")));
    }

    [Fact]
    public void Reads_standard_input()
    {
        using TinyModel model = new();
        Assert.Equal(
            Run.Of("tokenize", "-m", model.Path, "abc the").Output,
            Run.Of(["tokenize", "-m", model.Path], input: "abc the").Output);
    }

    [Fact]
    public void Without_text_says_how_to_give_one()
    {
        using TinyModel model = new();
        Assert.Contains("--text-file", Run.Of("tokenize", "-m", model.Path).Fails(2), StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_embedded_model_is_a_failure_that_says_what_to_do() =>
        Assert.Contains("-m", Run.Of("tokenize", "abc").Fails(1), StringComparison.Ordinal);

    [Fact]
    public void Reads_a_Hugging_Face_tokenizer()
    {
        string path = SharedData.Require("tokenizers/gpt2-tokenizer.json");
        Assert.Equal([15496, 11, 995], Ids(Run.Of("tokenize", "-m", path, "Hello, world", "--json")));
    }

    private static IEnumerable<int> Ids(Run run) => run.Json["tokens"]!.AsArray().Select(n => (int)n!);
}
