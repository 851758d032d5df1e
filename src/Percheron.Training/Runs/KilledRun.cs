using System.Diagnostics;
using System.Globalization;
using Percheron.Training.Corpus;

namespace Percheron.Training.Runs;

/// <summary>Kills a training process at random moments, as a power cut would, lets another go on each time, and compares what comes out with an uninterrupted run.</summary>
/// <param name="program">Program and leading arguments that start percheron-train.</param>
/// <param name="folder">An empty folder.</param>
/// <param name="steps">Length of the run.</param>
/// <param name="seed">Seed of the run and of the moments.</param>
public sealed class KilledRun(IReadOnlyList<string> program, string folder, int steps, ulong seed)
{
    /// <summary>The file a rehearsal writes at its end.</summary>
    public const string Result = "result.gguf";

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    // A kill waits at most so much of what is left of the run, so that this is not over before it.
    private const double Most = 0.6;

    // The last line of the latest process.
    private volatile string _said = "";

    /// <summary>Whether model and best parameters are equal bit by bit after <paramref name="kills"/> kills.</summary>
    /// <param name="kills">How often the process is killed, spread over the run as long as it takes on this machine.</param>
    /// <param name="say">Told what happens.</param>
    /// <exception cref="InvalidOperationException">A process failed, or the run was over before all kills.</exception>
    public bool Survives(int kills, Action<string> say)
    {
        string straight = Path.Combine(folder, "straight"), killed = Path.Combine(folder, "killed");
        TimeSpan whole = Finish(straight);
        long step = 0;
        ulong state = seed;
        for (int kill = 1; kill <= kills; kill++)
        {
            // Spread over the run: half of this on average, and what is left is shared by the kills that are left.
            TimeSpan latest = whole * ((1 - ((double)step / steps)) * Math.Min(Most, 2.0 / (kills - kill + 1)));
            TimeSpan wait = latest * ((SplitMix.Next(ref state) >> 40) / (double)(1 << 24));
            using Process process = Start(killed, out Task<bool> training);
            if (!training.Wait(Longest) || !training.Result) throw new InvalidOperationException($"The process ended before it trained: {_said}");
            Thread.Sleep(wait);
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            if (File.Exists(Path.Combine(killed, Result))) throw new InvalidOperationException($"The run was over before kill {kill}; give it more steps.");
            string checkpoint = new RunFolder(killed).Run;
            step = File.Exists(checkpoint) ? Checkpoint.Header<RunState>(checkpoint).Step : 0;
            say(string.Create(CultureInfo.InvariantCulture, $"kill {kill} after {wait.TotalMilliseconds:f0} ms; the checkpoint stands at step {step} of {steps}"));
        }
        Finish(killed);
        return Equal(straight, killed, Result) && BestStep(straight) == BestStep(killed);
    }

    private static bool Equal(string a, string b, string file) => File.ReadAllBytes(Path.Combine(a, file)).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(b, file)));

    private static (long, double, double) BestStep(string path)
    {
        RunState state = Checkpoint.Header<RunState>(new RunFolder(path).Best);
        return (state.BestStep, state.BestScore, state.BestLoss);
    }

    /// <summary>Goes on to the end; returns how long it trained.</summary>
    private TimeSpan Finish(string path)
    {
        using Process process = Start(path, out Task<bool> training);
        training.Wait(Longest);
        long begun = Stopwatch.GetTimestamp();
        if (!process.WaitForExit(Longest) || process.ExitCode != 0) throw new InvalidOperationException($"The rehearsal did not come to its end: {_said}");
        return Stopwatch.GetElapsedTime(begun);
    }

    /// <summary>Starts a process that goes on from whatever there is; <paramref name="training"/> is true once it has said where it begins, false if it ended first.</summary>
    private Process Start(string path, out Task<bool> training)
    {
        string[] arguments = [.. program.Skip(1), "rehearse", "--resume", "--out", path, "--steps", steps.ToString(CultureInfo.InvariantCulture), "--seed", seed.ToString(CultureInfo.InvariantCulture)];
        var begun = new TaskCompletionSource<bool>();
        var process = new Process { StartInfo = new ProcessStartInfo(program[0], arguments) { RedirectStandardError = true, UseShellExecute = false } };
        process.ErrorDataReceived += (_, line) =>
        {
            _said = line.Data ?? _said;
            if (line.Data is null) begun.TrySetResult(false);
            else if (line.Data.Contains("from step", StringComparison.Ordinal)) begun.TrySetResult(true);
        };
        process.Start();
        process.BeginErrorReadLine();
        training = begun.Task;
        return process;
    }
}
