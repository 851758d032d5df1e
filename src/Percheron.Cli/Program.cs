using System.Text;
using Percheron.Cli;

// Neither stream writes a byte-order mark: stdout is the text and nothing else.
using StreamWriter output = new(Console.OpenStandardOutput(), new UTF8Encoding(false));
using StreamWriter error = new(Console.OpenStandardError(), new UTF8Encoding(false)) { AutoFlush = true };
using CancellationTokenSource stop = new();
Console.CancelKeyPress += (_, pressed) =>
{
    // The first Ctrl-C ends the text where it stands; a second one ends the process.
    pressed.Cancel = !stop.IsCancellationRequested;
    stop.Cancel();
};
return CommandLine.Run(args, new Terminal(output, error)
{
    Input = Console.IsInputRedirected ? () => new StreamReader(Console.OpenStandardInput(), new UTF8Encoding(false)) : null,
    OutputIsTerminal = !Console.IsOutputRedirected,
    ErrorIsTerminal = !Console.IsErrorRedirected,
    Stop = stop.Token,
});
