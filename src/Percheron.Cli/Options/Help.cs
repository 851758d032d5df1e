using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Percheron.Cli.Options;

/// <summary>Puts an example under the help of a command.</summary>
internal static class Help
{
    // Help on a terminal keeps to its width; in a pipe nothing is wrapped.
    private const int Unbounded = 10_000;

    /// <summary>Gives <paramref name="command"/> a <c>--help</c> that ends with <paramref name="example"/>.</summary>
    public static void Attach(Command command, Terminal terminal, string example)
    {
        foreach (Option option in command.Options.Where(o => o is HelpOption).ToArray()) command.Options.Remove(option);
        command.Options.Add(new HelpOption { Action = new WithExample(terminal, example) });
    }

    /// <summary>The help action of every command.</summary>
    public sealed class WithExample(Terminal terminal, string example) : SynchronousCommandLineAction
    {
        private readonly HelpAction _help = new();

        /// <inheritdoc/>
        public override bool ClearsParseErrors => true;

        /// <inheritdoc/>
        public override int Invoke(ParseResult parseResult)
        {
            if (!terminal.OutputIsTerminal) _help.MaxWidth = Unbounded;
            int code = _help.Invoke(parseResult);
            TextWriter output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Example:");
            output.WriteLine("  " + example);
            return code;
        }
    }
}
