namespace Percheron.Cli.Generation;

/// <summary>Streams generated text to standard output as it is, optionally with accepted draft tokens in colour.</summary>
internal sealed class TextPrinter(Terminal terminal, bool colour)
{
    // Escape codes of our own: a console library would wrap the text and change its white space.
    private const string Green = "\e[32m", Plain = "\e[0m";
    private bool _green, _lineOpen;

    /// <summary>Writes a piece at once.</summary>
    public void Show(string text, bool drafted)
    {
        if (colour && drafted != _green)
        {
            terminal.Output.Write(drafted ? Green : Plain);
            _green = drafted;
        }
        terminal.Output.Write(text);
        terminal.Output.Flush();
        _lineOpen = !text.EndsWith('\n');
    }

    /// <summary>Ends the text: on a terminal what follows begins on a line of its own; a pipe gets the bytes of the text and nothing else.</summary>
    public void End()
    {
        if (_green) terminal.Output.Write(Plain);
        if (_lineOpen && terminal.OutputIsTerminal) terminal.Output.WriteLine();
        terminal.Output.Flush();
    }
}
