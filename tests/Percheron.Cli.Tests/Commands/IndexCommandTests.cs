using System.Text.Json.Nodes;
using Percheron.Cli.Tests.Support;
using Xunit;

namespace Percheron.Cli.Tests.Commands;

public class IndexCommandTests
{
    [Fact]
    public void A_corpus_is_indexed_and_drafts_come_from_it()
    {
        using TinyModel model = new();
        string folder = Directory.CreateTempSubdirectory("percheron-corpus").FullName, index = folder + ".index";
        try
        {
            File.WriteAllText(Path.Combine(folder, "a.txt"), "one two three\nfour five six\n");
            File.WriteAllText(Path.Combine(folder, "b.txt"), "one two three\nseven");
            JsonNode json = Run.Of("index", folder, index, "-m", model.Path, "--json").Json;
            Assert.Equal(2, (int)json["documents"]!);
            Assert.Equal(new FileInfo(index).Length, (long)json["output_bytes"]!);
            string[] common = ["generate", "one two", "-m", model.Path, "-n", "8", "--temperature", "0", "--json"];
            JsonNode plain = Run.Of([.. common, "--drafter", "none"]).Json, drafted = Run.Of([.. common, "--drafter", $"rest(@{index}, min=1)"]).Json;
            Assert.Equal(plain["text"]!.ToString(), drafted["text"]!.ToString());
            Assert.True((int)drafted["stats"]!["offered"]! > 0);
            Assert.Equal(0, Run.Of([.. common, "--drafter", $"llma(@{Path.Combine(folder, "a.txt")})"]).Code);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
            File.Delete(index);
        }
    }

    [Fact]
    public void What_cannot_be_indexed_or_read_is_said_in_one_line()
    {
        using TinyModel model = new();
        Assert.Contains("no file or folder", Run.Of("index", "/no/such/corpus", "x.index", "-m", model.Path).Fails(1), StringComparison.Ordinal);
        Assert.Contains("needs a corpus", Run.Of("generate", "a", "-m", model.Path, "--drafter", "rest").Fails(2), StringComparison.Ordinal);
        Assert.Contains("there is no file", Run.Of("generate", "a", "-m", model.Path, "--drafter", "rest(@/no/such)").Fails(1), StringComparison.Ordinal);
    }
}
