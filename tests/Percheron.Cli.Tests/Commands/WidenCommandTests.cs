using System.Text.Json.Nodes;
using Percheron.Cli.Commands;
using Percheron.Cli.Tests.Support;
using Xunit;

namespace Percheron.Cli.Tests.Commands;

public class WidenCommandTests
{
    [Fact]
    public void The_embedded_target_says_the_same_when_it_is_widened()
    {
        string narrow = Path.Combine(AppContext.BaseDirectory, "models", "percheron-docs-q8_0.gguf"), wide = Temporary();
        try
        {
            JsonNode report = Run.Of("widen", narrow, wide, "--factor", "2", "--json").Json;
            Assert.Equal(2, (int)report["factor"]!);
            Assert.InRange((double)report["output_parameters"]! / (double)report["input_parameters"]!, 3.5, 4);
            Assert.Equal(Text(narrow), Text(wide));
        }
        finally
        {
            File.Delete(wide);
        }
    }

    [Fact]
    public void The_size_is_told_and_the_word_widened_stands_with_it()
    {
        using TinyModel model = new();
        string wide = Temporary();
        try
        {
            Run run = Run.Of("widen", model.Path, wide, "--factor", "3", "--type", "q8_0");
            Assert.Equal((0, ""), (run.Code, run.Output));
            Assert.Contains("widened 3 times", run.Error, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(wide);
        }
    }

    [Theory]
    [InlineData("--factor", "1")]
    [InlineData("--factor", "65")]
    [InlineData("--factor", "2", "--type", "q3_k")]
    [InlineData]
    public void Wrong_factors_and_types_are_wrong_usage(params string[] options)
    {
        using TinyModel model = new();
        Run.Of(["widen", model.Path, Temporary(), .. options]).Fails(2);
    }

    [Fact]
    public void A_file_is_not_widened_onto_itself()
    {
        using TinyModel model = new();
        Run.Of("widen", model.Path, model.Path, "--factor", "2").Fails(1);
    }

    private static string Text(string model) =>
        Run.Of("generate", GenerateCommand.ExamplePrompt, "-m", model, "-n", "48", "--temperature", "0", "--drafter", "none", "--json").Json["tokens"]!.ToJsonString();

    private static string Temporary() => Path.Combine(Path.GetTempPath(), $"percheron-{Guid.NewGuid():N}.gguf");
}
