using System.CommandLine;
using System.CommandLine.Parsing;
using Percheron.Cli.Commands;
using Percheron.Cli.Options;
using Percheron.Decoding;

namespace Percheron.Cli;

/// <summary>The command <c>percheron</c>: parses, runs one command, and turns every failure into one line and an exit code.</summary>
internal static class CommandLine
{
    /// <summary>Runs one invocation; returns its exit code: 0 done, 1 failed, 2 wrong usage.</summary>
    public static int Run(IReadOnlyList<string> arguments, Terminal terminal)
    {
        int code;
        try
        {
            code = Invoke(Root(terminal).Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null, EnablePosixBundling = false }), terminal);
        }
        catch (Failure failure)
        {
            code = Report(terminal, failure.Message, failure.ExitCode);
        }
        catch (SpecException wrong)
        {
            code = Report(terminal, wrong.Message, Failure.WrongUsage);
        }
        catch (Exception fault)
        {
            code = Report(terminal, fault.Message, Failure.Failed);
        }
        return Flush(terminal, code);
    }

    /// <summary>All commands.</summary>
    public static RootCommand Root(Terminal terminal)
    {
        RootCommand root = new("Generates text with a language model, several tokens at a time, byte-identical to plain decoding.\nWithout a command: a demonstration on the embedded model.")
        {
            HelpName = "percheron",
        };
        root.Directives.Clear();
        foreach (Command command in Commands(terminal)) root.Add(command);
        root.SetAction(_ => DemonstrationCommand.Run(terminal));
        Help.Attach(root, terminal, "percheron generate \"" + GenerateCommand.ExamplePrompt + "\"");
        return root;
    }

    private static IEnumerable<Command> Commands(Terminal terminal) =>
    [
        GenerateCommand.Create(terminal),
        ImageCommand.Create(terminal),
        SpeakCommand.Create(terminal),
        TranscribeCommand.Create(terminal),
        ScoreCommand.Create(terminal),
        TokenizeCommand.Create(terminal),
        InspectCommand.Create(terminal),
        QuantizeCommand.Create(terminal),
        WidenCommand.Create(terminal),
        IndexCommand.Create(terminal),
        ProfileCommand.Create(terminal),
        LayersCommand.Create(terminal),
        PlanCommand.Create(terminal),
        BenchCommand.Create(terminal),
        EvaluateCommand.Create(terminal),
        DraftersCommand.Create(terminal),
        VerifiersCommand.Create(terminal),
    ];

    private static int Invoke(ParseResult parsed, Terminal terminal)
    {
        if (parsed.Action is not Help.WithExample && Misuse.Of(parsed) is { } wrong)
        {
            string command = "percheron";
            foreach (Command at in Path(parsed.CommandResult)) command += " " + at.Name;
            throw Failure.Usage($"{wrong} See '{command} --help'.");
        }
        return parsed.Invoke(new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
            Output = terminal.Output,
            Error = terminal.Error,
        });
    }

    // The commands below the root, outermost first.
    private static IEnumerable<Command> Path(CommandResult at) => at.Command is RootCommand ? [] : [.. at.Parent is CommandResult above ? Path(above) : [], at.Command];

    // One line; the name of a C# parameter, which .NET appends to some messages, means nothing at a terminal.
    private static int Report(Terminal terminal, string message, int code)
    {
        message = string.Join(' ', message.Split((char[]?)['\r', '\n', '\u2028', '\u2029'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        int parameter = message.LastIndexOf(" (Parameter '", StringComparison.Ordinal);
        terminal.Error.WriteLine("percheron: " + (parameter >= 0 && message.EndsWith("')", StringComparison.Ordinal) ? message[..parameter] : message));
        return code;
    }

    // A reader that went away (`| head`) is noticed here at the latest.
    private static int Flush(Terminal terminal, int code)
    {
        try
        {
            terminal.Output.Flush();
            terminal.Error.Flush();
            return code;
        }
        catch (IOException fault)
        {
            return Report(terminal, fault.Message, Failure.Failed);
        }
    }
}
