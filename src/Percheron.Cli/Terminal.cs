using Spectre.Console;

namespace Percheron.Cli;

/// <summary>What a command reads and writes: the streams of the process, or memory in a test.</summary>
/// <param name="output">Text, or the one JSON value of <c>--json</c>.</param>
/// <param name="error">Everything else.</param>
internal sealed class Terminal(TextWriter output, TextWriter error)
{
    // Wide enough that nothing written to a pipe is ever wrapped, small enough for tables to be laid out.
    private const int Unbounded = 100_000;

    public TextWriter Output { get; } = output;

    public TextWriter Error { get; } = error;

    /// <summary>Opens standard input; null where it is a keyboard.</summary>
    public Func<TextReader>? Input { get; init; }

    public bool OutputIsTerminal { get; init; }

    public bool ErrorIsTerminal { get; init; }

    /// <summary>Where the embedded models lie: beside the executable, never in the working directory.</summary>
    public string ModelsFolder { get; init; } = Path.Combine(AppContext.BaseDirectory, "models");

    /// <summary>How to start this program once more: an executable, or the runtime and the assembly.</summary>
    public IReadOnlyList<string> Self { get; init; } = Path.GetFileNameWithoutExtension(System.Environment.ProcessPath) == "dotnet"
        ? [System.Environment.ProcessPath!, Path.Combine(AppContext.BaseDirectory, "Percheron.Cli.dll")]
        : [System.Environment.ProcessPath ?? "percheron"];

    /// <summary>Bytes of memory that models may take.</summary>
    public Func<long> AvailableMemory { get; init; } = Hosting.SystemMemory.Available;

    /// <summary>Ctrl-C.</summary>
    public CancellationToken Stop { get; init; }

    /// <summary>Environment variables, for the conventions about colour.</summary>
    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;

    /// <summary>Whether text that was asked to be coloured is: on a terminal without NO_COLOR, or anywhere with CLICOLOR_FORCE.</summary>
    public bool Colours(bool isTerminal) =>
        Environment("CLICOLOR_FORCE") is { Length: > 0 } and not "0" || (isTerminal && string.IsNullOrEmpty(Environment("NO_COLOR")));

    /// <summary>One line for the person at the terminal.</summary>
    public void Note(string line) => Error.WriteLine(line);

    /// <summary>Writes a table on standard output.</summary>
    public void Write(Table table)
    {
        if (OutputIsTerminal)
        {
            Console(Output).Write(table);
            return;
        }
        // In a pipe the padding behind the last column is noise.
        using StringWriter lines = new();
        IAnsiConsole console = Console(lines);
        console.Profile.Width = Unbounded;
        console.Write(table);
        foreach (string line in lines.ToString().TrimEnd().Split('\n')) Output.WriteLine(line.TrimEnd());
    }

    private IAnsiConsole Console(TextWriter writer)
    {
        bool colours = Colours(OutputIsTerminal);
        return AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = colours ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = colours ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
        });
    }
}
