using System.CommandLine;

namespace Percheron.Cli.Options;

/// <summary><c>--json</c>: one JSON value on standard output and nothing else.</summary>
internal sealed class JsonFlag
{
    private readonly Option<bool> _json = new("--json") { Description = "Print one JSON value on standard output and nothing else." };

    public void AddTo(Command command) => command.Add(_json);

    public bool Read(ParseResult parsed) => parsed.GetValue(_json);
}
