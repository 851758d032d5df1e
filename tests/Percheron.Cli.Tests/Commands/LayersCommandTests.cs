using System.Text.Json.Nodes;
using Percheron.Cli.Tests.Support;
using Xunit;

namespace Percheron.Cli.Tests.Commands;

public class LayersCommandTests
{
    [Fact]
    public void What_it_prints_drafts_and_changes_nothing()
    {
        using TinyModel model = new();
        string text = Path.Combine(Path.GetTempPath(), $"percheron-text-{Guid.NewGuid():N}.txt");
        File.WriteAllText(text, string.Concat(Enumerable.Repeat("abc the abcing the\n", 20)));
        JsonNode json = Run.Of("layers", "-m", model.Path, "--text-file", text, "--trials", "10", "--share", "0.5", "--json").Json;
        Assert.True((double)json["agreement"]! >= (double)json["even"]!);
        Assert.Equal(10, (int)json["tried"]!);
        string[] options = ["generate", "-m", model.Path, "-p", "abc", "-n", "30", "--seed", "3", "--json", "--drafter"];
        Assert.Equal(Run.Of([.. options, "none"]).Json["tokens"]!.ToJsonString(), Run.Of([.. options, (string)json["drafter"]!]).Json["tokens"]!.ToJsonString());
        Assert.Contains("--share", Run.Of("layers", "-m", model.Path, "--text-file", text, "--share", "1").Fails(2), StringComparison.Ordinal);
        File.WriteAllText(text, "abc");
        Assert.Contains("tokens", Run.Of("layers", "-m", model.Path, "--text-file", text).Fails(1), StringComparison.Ordinal);
        File.Delete(text);
    }
}
