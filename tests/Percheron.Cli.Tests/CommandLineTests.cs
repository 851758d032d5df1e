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

    [Theory]
    [InlineData("generate", "--colour")]
    [InlineData("generate", "--colour", "a prompt")]
    [InlineData("generate", "-x")]
    [InlineData("tokenize", "--colour")]
    [InlineData("drafters", "--colour")]
    public void A_misspelt_option_is_no_text(params string[] arguments) =>
        Assert.Contains("there is no option '" + arguments[1] + "'", Run.Of(arguments).Fails(2), StringComparison.Ordinal);

    [Theory]
    [InlineData("tokenize", "-m", "/no/such", "--", "--colour")]
    [InlineData("tokenize", "-m", "/no/such", "-5 degrees")]
    [InlineData("tokenize", "-m", "/no/such", "--colour is an option")]
    [InlineData("generate", "-m", "/no/such", "--prompt", "--colour")]
    public void Text_may_begin_with_a_dash(params string[] arguments) => Assert.Contains("/no/such", Run.Of(arguments).Fails(1), StringComparison.Ordinal);

    [Theory]
    [InlineData("--temperature", "warm", "a number, not 'warm'")]
    [InlineData("--seed", "-1", "a whole number from 0 to 18446744073709551615, not '-1'")]
    [InlineData("--max-tokens", "99999999999", "a whole number up to 2147483647, not '99999999999'")]
    public void A_value_that_is_no_number_is_named_without_types_of_dotnet(string option, string value, string says) =>
        Assert.StartsWith($"{option} takes {says}. See 'percheron generate --help'", Run.Of("generate", "abc", option, value).Fails(2), StringComparison.Ordinal);

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
