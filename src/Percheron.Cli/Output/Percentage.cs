namespace Percheron.Cli.Output;

/// <summary>Progress of a long command: one line of the terminal, written anew.</summary>
internal sealed class Percentage(Terminal terminal) : IProgress<double>
{
    private int _shown = -1;

    /// <summary>Null where nobody watches.</summary>
    public static Percentage? On(Terminal terminal) => terminal.ErrorIsTerminal ? new Percentage(terminal) : null;

    public void Report(double value)
    {
        int percent = (int)(100 * value);
        if (percent == _shown) return;
        _shown = percent;
        terminal.Error.Write(percent == 100 ? "\r     \r" : $"\r{percent,3} %");
        terminal.Error.Flush();
    }
}
