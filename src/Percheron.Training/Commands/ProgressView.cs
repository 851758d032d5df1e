using System.Globalization;
using Percheron.Training.Runs;
using Spectre.Console;

namespace Percheron.Training.Commands;

/// <summary>Shows a run on standard error: a live bar on a terminal, a line now and then elsewhere.</summary>
public static class ProgressView
{
    private static readonly TimeSpan LineEvery = TimeSpan.FromSeconds(20);

    /// <summary>Runs <paramref name="body"/>, handing it the function that takes reports.</summary>
    public static bool Show(string title, Func<Action<Report>, bool> body) => Console.IsErrorRedirected ? Lines(title, body) : Bar(title, body);

    private static bool Lines(string title, Func<Action<Report>, bool> body)
    {
        DateTime next = DateTime.MinValue;
        return body(report =>
        {
            if (DateTime.UtcNow < next && report.Fraction < 1) return;
            next = DateTime.UtcNow + LineEvery;
            Console.Error.WriteLine($"{title}: {Describe(report)}, {Left(report.Left)} left");
        });
    }

    private static bool Bar(string title, Func<Action<Report>, bool> body)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return console.Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn())
            .Start(context =>
            {
                ProgressTask task = context.AddTask(title, maxValue: 1);
                return body(report =>
                {
                    task.Value = report.Fraction;
                    task.Description = $"{title}: {Describe(report)}, {Left(report.Left)} left".EscapeMarkup();
                });
            });
    }

    private static string Describe(Report report) => string.Create(CultureInfo.InvariantCulture,
        $"step {report.Step}{(double.IsNaN(report.Loss) ? "" : string.Create(CultureInfo.InvariantCulture, $", loss {report.Loss:f3}, held out {(double.IsNaN(report.HeldOut) ? "–" : report.HeldOut.ToString("f3", CultureInfo.InvariantCulture))}"))}{(double.IsNaN(report.Score) ? "" : $", accepted length {report.Score.ToString("f3", CultureInfo.InvariantCulture)}")}, {report.TokensPerSecond:f0} tokens/s");

    private static string Left(TimeSpan left) => left < TimeSpan.Zero ? "0:00" : string.Create(CultureInfo.InvariantCulture, $"{(int)left.TotalMinutes}:{left.Seconds:00}");
}
