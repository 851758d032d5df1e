using System.Text.Json.Nodes;
using Percheron.Cli.Tests.Support;
using Xunit;

namespace Percheron.Cli.Tests.Commands;

/// <summary>The sample's assembly, which nothing of Percheron names, from its file.</summary>
public class PluginTests
{
    private static readonly string[] Plugin = ["--plugin", Path.Combine(AppContext.BaseDirectory, "Percheron.Sample.dll")];

    [Theory]
    [InlineData("drafters", "period", "[\"longest=16\",\"times=1\",\"length=8\"]", true)]
    [InlineData("verifiers", "near-best", "[\"share=0.5\"]", false)]
    public void It_joins_the_catalogue(string command, string name, string options, bool lossless)
    {
        JsonNode method = Assert.Single(Run.Of([command, "--json", .. Plugin]).Json.AsArray(), m => (string?)m!["name"] == name)!;
        Assert.Equal((options, lossless), (method["options"]!.ToJsonString(), (bool)method["lossless"]!));
        Assert.DoesNotContain(Run.Of(command, "--json").Json.AsArray(), m => (string?)m!["name"] == name);
    }

    [Theory]
    [InlineData("period")]
    [InlineData("fallback(period(times=2), ngram)")]
    public void It_generates_the_text_of_plain_decoding(string drafter)
    {
        using TinyModel model = new();
        string[] options = ["generate", "-m", model.Path, "-p", "abc abc abc", "-n", "40", "--seed", "3", "--budget", "8", "--json", .. Plugin];
        JsonNode drafted = Run.Of([.. options, "--drafter", drafter]).Json, plain = Run.Of([.. options, "--drafter", "none"]).Json;
        Assert.Equal(plain["tokens"]!.ToJsonString(), drafted["tokens"]!.ToJsonString());
        Assert.True((int)drafted["stats"]!["offered"]! > 0);
    }

    [Fact]
    public void Both_are_columns_of_the_bench()
    {
        using TinyModel model = new();
        string prompts = Path.Combine(Path.GetTempPath(), $"percheron-prompts-{Guid.NewGuid():N}.txt");
        File.WriteAllText(prompts, "abc abc abc\nthe the\n");
        JsonArray rows = Run.Of(["bench", "-m", model.Path, "-f", prompts, "-n", "12", "--repeats", "1", "--drafters", "period", "--verifiers", "coupled;near-best(share=0.2)", "--temperatures", "0.8", "--json", .. Plugin])
            .Json["rows"]!.AsArray();
        File.Delete(prompts);
        Assert.Contains(rows, r => (string?)r!["drafter"] == "period" && (string?)r["verifier"] == "near-best(share=0.2)");
        Assert.Equal((int)rows[0]!["runs"]!, (int)Assert.Single(rows, r => (string?)r!["drafter"] == "period" && (string?)r["verifier"] == "coupled")!["identical"]!);
    }
}
