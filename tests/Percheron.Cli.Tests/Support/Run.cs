using System.Text.Json.Nodes;
using Xunit;

namespace Percheron.Cli.Tests.Support;

/// <summary>One invocation of the command line, in this process and in memory.</summary>
internal sealed record Run(int Code, string Output, string Error)
{
    /// <summary>Runs <c>percheron</c> with these arguments; the embedded models are wherever <paramref name="models"/> says, by default nowhere.</summary>
    public static Run Of(IReadOnlyList<string> arguments, string? models = null, string? input = null, bool terminal = false, CancellationToken stop = default)
    {
        using StringWriter output = new(), error = new();
        int code = CommandLine.Run(arguments, new Terminal(output, error)
        {
            Input = input is null ? null : () => new StringReader(input),
            OutputIsTerminal = terminal,
            ErrorIsTerminal = terminal,
            ModelsFolder = models ?? Path.Combine(Path.GetTempPath(), "percheron-no-models-here"),
            Environment = _ => null,
            Self = ["dotnet", Path.Combine(AppContext.BaseDirectory, "Percheron.Cli.dll")],
            Stop = stop,
        });
        return new Run(code, output.ToString(), error.ToString());
    }

    public static Run Of(params string[] arguments) => Of(arguments, models: null);

    /// <summary>Standard output as the one JSON value it must be.</summary>
    public JsonNode Json
    {
        get
        {
            Assert.True(Code == 0, Error);
            return JsonNode.Parse(Output)!;
        }
    }

    /// <summary>Asserts that the command failed as commands fail: nothing on stdout, one line on stderr.</summary>
    public string Fails(int code)
    {
        Assert.Equal("", Output);
        Assert.True(code == Code, $"exit code {Code}: {Error}");
        Assert.StartsWith("percheron: ", Error, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', Error.TrimEnd('\n', '\r'));
        Assert.DoesNotContain("(Parameter", Error, StringComparison.Ordinal);
        return Error["percheron: ".Length..].TrimEnd();
    }
}
