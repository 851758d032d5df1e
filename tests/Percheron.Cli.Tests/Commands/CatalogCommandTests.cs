using System.Text.Json.Nodes;
using Percheron.Cli.Tests.Support;
using Percheron.Decoding;
using Xunit;

namespace Percheron.Cli.Tests.Commands;

public class CatalogCommandTests
{
    [Theory]
    [InlineData("drafters")]
    [InlineData("verifiers")]
    public void Json_follows_the_contract(string command)
    {
        foreach (JsonNode? method in Run.Of(command, "--json").Json.AsArray())
        {
            foreach (string field in new[] { "name", "options", "lossless", "source" }) Assert.NotNull(method![field]);
            Assert.NotEqual("", (string?)method!["source"]);
        }
    }

    [Theory]
    [InlineData("drafters")]
    [InlineData("verifiers")]
    public void Everything_the_catalogue_knows_is_listed(string command)
    {
        Catalog catalog = new();
        JsonArray listed = Run.Of(command, "--json").Json.AsArray();
        string[] lines = Run.Of(command).Output.Split('\n');
        CatalogEntry[] entries = [.. command == "drafters" ? catalog.Drafters.Concat(catalog.Parts) : catalog.Verifiers];
        Assert.Equal(entries.Select(Name), listed.Select(m => (string)m!["name"]!));
        foreach ((CatalogEntry entry, JsonNode? method) in entries.Zip(listed))
        {
            Assert.Equal(entry.Options, method!["options"]!.AsArray().Select(o => (string)o!));
            string line = Assert.Single(lines, l => l.TrimStart().StartsWith(Name(entry) + " ", StringComparison.Ordinal));
            Assert.Contains(string.Join(", ", entry.Options), line, StringComparison.Ordinal);
            Assert.Contains(entry.Source, line, StringComparison.Ordinal);
            Assert.Contains((bool)method["lossless"]! ? " yes " : "no, lossy", line, StringComparison.Ordinal);
        }

        static string Name(CatalogEntry entry) => entry.Kind is "drafter" or "verifier" ? entry.Name : $"{entry.Kind}={entry.Name}";
    }

    [Fact]
    public void Verifiers_say_which_of_them_are_lossless()
    {
        var lossless = Run.Of("verifiers", "--json").Json.AsArray().ToDictionary(v => (string)v!["name"]!, v => (bool)v!["lossless"]!);
        Assert.True(lossless["coupled"]);
        Assert.True(lossless["speculative-sampling"]);
        Assert.True(lossless["block"]);
        Assert.False(lossless["typical-acceptance"]);
        Assert.False(lossless["grouped"]);   // seen without the vectors it needs
    }

    [Fact]
    public void A_plugin_joins_the_catalogue()
    {
        Run run = Run.Of("drafters", "--json", "--plugin", typeof(ParrotDrafter).Assembly.Location);
        JsonNode parrot = Assert.Single(run.Json.AsArray(), d => (string?)d!["name"] == "parrot")!;
        Assert.Equal("[\"length=3\"]", parrot["options"]!.ToJsonString());
        Assert.Equal("Percheron.Cli.Tests", (string?)parrot["source"]);
    }

    [Fact]
    public void A_verifier_that_needs_a_model_is_listed_without_one()
    {
        Run run = Run.Of("verifiers", "--json", "--plugin", typeof(OracleVerifier).Assembly.Location);
        Assert.False((bool)Assert.Single(run.Json.AsArray(), v => (string?)v!["name"] == "oracle-verifier")!["lossless"]!);
    }

    [Fact]
    public void The_table_is_not_wrapped_in_a_pipe()
    {
        Run run = Run.Of("verifiers");
        Assert.Contains("arXiv 2504.15475; drafter invariance, arXiv 2506.05632", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', run.Output);
        Assert.DoesNotContain(" \n", run.Output, StringComparison.Ordinal);
    }
}
