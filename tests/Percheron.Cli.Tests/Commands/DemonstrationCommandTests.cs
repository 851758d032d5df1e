using Percheron.Cli.Commands;
using Percheron.Cli.Tests.Support;
using Xunit;

namespace Percheron.Cli.Tests.Commands;

public sealed class DemonstrationCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("percheron-models-").FullName;

    public DemonstrationCommandTests()
    {
        // The tiny vocabulary has no capitals or dots: the prompt becomes unknown tokens, which is all right here.
        _ = new TinyModel(path: Path.Combine(_folder, "percheron-docs-q8_0.gguf"));
        _ = new TinyModel(seed: 2, path: Path.Combine(_folder, "percheron-docs-draft-q8_0.gguf"));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Without_arguments_the_embedded_model_speaks()
    {
        Run run = Run.Of([], models: _folder);
        Assert.Equal(0, run.Code);
        Assert.StartsWith(GenerateCommand.ExamplePrompt, run.Output, StringComparison.Ordinal);
        Assert.Contains("fallback(suffix, model), verifier coupled", run.Error, StringComparison.Ordinal);
        Assert.Contains("identical", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void On_a_terminal_it_says_what_is_green()
    {
        // Whether such small models draft at all hangs on the clock; GenerateCommandTests see the colour itself.
        Run run = Run.Of([], models: _folder, terminal: true);
        Assert.Contains("green", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_default_drafter_is_suffix_where_there_is_no_draft()
    {
        using TinyModel model = new();
        Assert.Equal("suffix", (string?)Run.Of("generate", "-m", model.Path, "abc", "-n", "3", "--json").Json["drafter"]);
        Assert.Equal("fallback(suffix, model)", (string?)Run.Of("generate", "-m", model.Path, "-md", model.Path, "abc", "-n", "3", "--json").Json["drafter"]);
    }
}
