using Percheron.Cli.Tests.Support;
using Xunit;

namespace Percheron.Cli.Tests;

public class CommandLineTests
{
    [Fact]
    public void Help_lists_the_commands_on_stdout()
    {
        Run run = Run.Of("--help");
        Assert.Equal(0, run.Code);
        Assert.Equal("", run.Error);
        foreach (string command in new[] { "inspect", "drafters", "verifiers" })
            Assert.Contains($"\n  {command} ", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_command_shows_one_example()
    {
        foreach (var command in CommandLine.Root(new Terminal(TextWriter.Null, TextWriter.Null)).Subcommands)
        {
            Run run = Run.Of(command.Name, "--help");
            Assert.Equal(0, run.Code);
            Assert.Single(run.Output.Split('\n'), line => line.StartsWith("  percheron " + command.Name, StringComparison.Ordinal) && !line.Contains("[options]", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("inspct", "x")]
    [InlineData("inspect")]
    [InlineData("drafters", "--yaml")]
    [InlineData("drafters", "extra")]
    public void Wrong_usage_is_one_line_and_exit_code_2(params string[] arguments) => Run.Of(arguments).Fails(2);

    [Fact]
    public void A_plugin_that_is_not_there_is_a_failure()
    {
        Assert.Contains("no such file", Run.Of("drafters", "--plugin", "/no/such.dll").Fails(1), StringComparison.Ordinal);
    }

    [Fact]
    public void A_plugin_that_is_no_assembly_is_a_failure()
    {
        string path = Path.GetTempFileName();
        try
        {
            Assert.Contains("not a .NET assembly", Run.Of("drafters", "--plugin", path).Fails(1), StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
