namespace Percheron.Cli.Generation;

/// <summary>Streams generated text to standard output as it is, optionally with accepted draft tokens in colour. Several texts have a heading each; a single one has none.</summary>
/// <param name="terminal">Where to.</param>
/// <param name="colour">Whether drafted text is green.</param>
/// <param name="seeds">Of the texts.</param>
internal sealed class TextPrinter(Terminal terminal, bool colour, params IReadOnlyList<ulong> seeds)
{
    // Escape codes of our own: a console library would wrap the text and change its white space.
    private const string Green = "\e[32m", Plain = "\e[0m";
    private bool _green, _lineOpen;
    private int _headings;

    /// <summary>Writes a piece at once.</summary>
    public void Show(int sample, string text, bool drafted)
    {
        HeadUntil(sample);
        if (colour && drafted != _green)
        {
            terminal.Output.Write(drafted ? Green : Plain);
            _green = drafted;
        }
        terminal.Output.Write(text);
        terminal.Output.Flush();
        _lineOpen = !text.EndsWith('\n');
    }

    /// <summary>Ends the texts: on a terminal what follows begins on a line of its own; a pipe gets the bytes of a single text and nothing else.</summary>
    public void End()
    {
        HeadUntil(seeds.Count - 1);
        EndText(terminal.OutputIsTerminal);
        terminal.Output.Flush();
    }

    // A text may be empty, so a heading can be missing before it and before those in front of it.
    private void HeadUntil(int sample)
    {
        if (seeds.Count == 1) return;
        for (; _headings <= sample; _headings++)
        {
            EndText(line: true);
            terminal.Output.WriteLine($"--- sample {_headings}, seed {seeds[_headings]} ---");
        }
    }

    private void EndText(bool line)
    {
        if (_green) terminal.Output.Write(Plain);
        if (_lineOpen && line) terminal.Output.WriteLine();
        (_green, _lineOpen) = (false, false);
    }
}
