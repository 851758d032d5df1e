using System.ComponentModel;
using System.Diagnostics;

namespace Percheron.Cli.Bench;

/// <summary>One run of a program to its end.</summary>
/// <param name="Seconds">Wall-clock time of the whole process.</param>
/// <param name="Output">What it wrote on standard output.</param>
/// <param name="Error">What it wrote on standard error.</param>
internal sealed record ProgramRun(double Seconds, string Output, string Error)
{
    /// <summary>Starts a program and waits for it.</summary>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="name">What to call it when it fails.</param>
    /// <param name="stop">Ends it, with all processes it has started.</param>
    /// <exception cref="Failure">It cannot be started, or its exit code is not 0.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static ProgramRun Of(IReadOnlyList<string> command, string name, CancellationToken stop)
    {
        ProcessStartInfo start = new(command[0], command.Skip(1)) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        stop.ThrowIfCancellationRequested();
        Stopwatch watch = Stopwatch.StartNew();
        using Process process = Start(start, name);
        // What waits for input would wait for ever.
        process.StandardInput.Close();
        using CancellationTokenRegistration end = stop.Register(() => Kill(process));
        Task<string> error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        string output = process.StandardOutput.ReadToEnd();
        ProgramRun run = new(0, output, error.GetAwaiter().GetResult());
        process.WaitForExit();
        double seconds = watch.Elapsed.TotalSeconds;
        stop.ThrowIfCancellationRequested();
        return process.ExitCode == 0 ? run with { Seconds = seconds } : throw new Failure($"{name} ended with exit code {process.ExitCode}{run.LastWords()}");
    }

    /// <summary>The last line it wrote, for a message; standard error first.</summary>
    public string LastWords()
    {
        const int most = 200;
        string? line = LastLine(Error) ?? LastLine(Output);
        return line is null ? " and wrote nothing." : $"; its last line: {(line.Length > most ? line[..most] + "…" : line)}";
    }

    private static Process Start(ProcessStartInfo start, string name)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception wrong)
        {
            throw new Failure($"{name} cannot be started: {wrong.Message}");
        }
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has just ended by itself.
        }
    }

    private static string? LastLine(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault();
}
