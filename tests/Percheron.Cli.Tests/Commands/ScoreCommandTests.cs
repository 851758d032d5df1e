using System.Text.Json.Nodes;
using Percheron.Cli.Tests.Support;
using Percheron.Tests.Support;
using Xunit;

namespace Percheron.Cli.Tests.Commands;

public class ScoreCommandTests
{
    [Fact]
    public void Json_follows_the_contract()
    {
        using TinyModel model = new();
        JsonNode json = Run.Of("score", "-m", model.Path, "--tokens", "1,5,6,7", "--json").Json;
        Assert.Equal(["tokens", "log_probabilities", "perplexity"], json.AsObject().Select(p => p.Key));
        Assert.Equal("[1,5,6,7]", json["tokens"]!.ToJsonString());
        JsonArray logs = json["log_probabilities"]!.AsArray();
        Assert.Equal(4, logs.Count);
        Assert.Null(logs[0]);
        double mean = logs.Skip(1).Average(l => (double)l!);
        Assert.Equal(Math.Exp(-mean), (double)json["perplexity"]!, 12);
    }

    [Fact]
    public void Chunks_give_the_same_as_one_by_one()
    {
        using TinyModel model = new();
        string ids = "1," + string.Join(',', Enumerable.Range(0, 120).Select(i => 3 + (i * 7 % 30)));
        JsonArray whole = Run.Of("score", "-m", model.Path, "--tokens", ids, "--json").Json["log_probabilities"]!.AsArray();
        JsonArray part = Run.Of("score", "-m", model.Path, "--tokens", string.Join(',', ids.Split(',').Take(40)), "--json").Json["log_probabilities"]!.AsArray();
        Assert.Equal(whole.Take(40).Select(l => (double?)l), part.Select(l => (double?)l));
    }

    [Fact]
    public void A_text_gets_the_token_that_begins_texts()
    {
        using TinyModel model = new();
        string path = Path.GetTempFileName();
        File.WriteAllText(path, "abc the");
        JsonNode json = Run.Of("score", "-m", model.Path, "--text-file", path, "--json").Json;
        File.Delete(path);
        Assert.Equal("[1,3,30,6,33]", json["tokens"]!.ToJsonString());
    }

    [Theory]
    [InlineData(2, "score")]
    [InlineData(2, "score", "--tokens", "1,x")]
    [InlineData(2, "score", "--tokens", "1,2", "--text-file", "f")]
    [InlineData(1, "score", "--tokens", "1")]
    [InlineData(1, "score", "--tokens", "1,99999")]
    [InlineData(1, "score", "--text-file", "/no/such/file")]
    public void Says_what_is_wrong(int code, params string[] arguments)
    {
        using TinyModel model = new();
        Run.Of([.. arguments, "-m", model.Path]).Fails(code);
    }

    [Fact]
    public void Stories260k_has_the_golden_log_probabilities()
    {
        string path = SharedData.Require("stories260k/stories260k-v3-f32.gguf");
        JsonNode golden = JsonNode.Parse(File.ReadAllText(SharedData.Require("stories260k/golden_greedy200.json")))!;
        int[] ids = [.. golden["ids"]!.AsArray().Select(n => (int)n!)];
        JsonArray logs = Run.Of("score", "-m", path, "--tokens", string.Join(',', ids), "--json").Json["log_probabilities"]!.AsArray();
        double[] expected = [.. golden["logprob_of_chosen"]!.AsArray().Select(n => (double)n!)];
        for (int i = 1; i < ids.Length; i++) Assert.Equal(expected[i - 1], (double)logs[i]!, 3);
    }
}
