using System.Diagnostics;
using System.Globalization;

namespace Percheron.Cli.Quality;

/// <summary>Progress of an evaluation: where it is and how long it will take, on one line of a terminal, or a line every half minute elsewhere.</summary>
/// <param name="terminal">Where to.</param>
/// <param name="total">Pieces of work.</param>
internal sealed class Countdown(Terminal terminal, int total)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private TimeSpan _next = Pause;
    private int _done, _shown;

    /// <summary>One piece is done.</summary>
    public void Done(string what)
    {
        _done++;
        if (!terminal.ErrorIsTerminal && _clock.Elapsed < _next) return;
        _next = _clock.Elapsed + Pause;
        TimeSpan left = _clock.Elapsed / _done * (total - _done);
        string line = string.Create(CultureInfo.InvariantCulture, $"{_done}/{total} {what}, {(int)left.TotalMinutes}:{left.Seconds:00} left");
        if (terminal.ErrorIsTerminal) terminal.Error.Write("\r" + line.PadRight(_shown));
        else terminal.Note(line);
        _shown = line.Length;
        terminal.Error.Flush();
    }

    /// <summary>Wipes the line.</summary>
    public void End()
    {
        if (terminal.ErrorIsTerminal) terminal.Error.Write("\r" + new string(' ', _shown) + "\r");
    }
}
