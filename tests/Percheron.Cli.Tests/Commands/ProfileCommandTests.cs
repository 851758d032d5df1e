using System.Text.Json.Nodes;
using Percheron.Cli.Tests.Support;
using Xunit;

namespace Percheron.Cli.Tests.Commands;

public class ProfileCommandTests
{
    [Fact]
    public void Json_has_the_fields_of_the_contract()
    {
        using TinyModel model = new();
        JsonNode json = Run.Of("profile", "-m", model.Path, "-t", "2", "--filled", "0", "--seconds", "0", "--json").Json;
        Assert.Equal(2, (int)json["threads"]!);
        Assert.Equal([1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 64], json["rows"]!.AsArray().Select(r => (int)r!["n"]!));
        Assert.All(json["rows"]!.AsArray(), r => Assert.True((double)r!["ms"]! > 0));
        Assert.True((double)json["read_bandwidth_bytes_per_second"]! > 1e6);
        Assert.True((long)json["weight_bytes"]! > 0);
        Assert.Null(json["saved"]);
    }

    [Fact]
    public void The_table_says_what_it_measured()
    {
        using TinyModel model = new();
        Run run = Run.Of("profile", "-m", model.Path, "-t", "1", "--filled", "0", "--seconds", "0");
        Assert.Equal(0, run.Code);
        Assert.Contains("memory read at", run.Output, StringComparison.Ordinal);
        Assert.Contains("cheap rows end at", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--filled", "-1")]
    [InlineData("--seconds", "-1")]
    [InlineData("--seconds", "nan")]
    public void Impossible_amounts_are_wrong_usage(params string[] options)
    {
        using TinyModel model = new();
        Run.Of(["profile", "-m", model.Path, .. options]).Fails(2);
    }
}
