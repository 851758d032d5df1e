using Percheron.Training.Nets;
using Percheron.Training.Runs;

namespace Percheron.Training.Commands;

/// <summary>One run from the command line: resume, show, stop cleanly, keep the best parameters.</summary>
public static class RunSession
{
    /// <summary>Runs to the end and then calls <paramref name="export"/> with the best parameters restored; exit code 130 where it was stopped before.</summary>
    public static int Run<TNet>(string name, TrainingRun<TNet> run, bool resume, CancellationToken cancel, Action export)
        where TNet : Net
    {
        if (resume && !run.TryResume()) Console.Error.WriteLine($"{name}: no checkpoint to resume; starting from nothing");
        Console.Error.WriteLine($"{name}: {run.Net.Parameters} parameters, from step {run.State.Step}");
        if (!ProgressView.Show(name, report => run.Run(report, cancel)))
        {
            Console.Error.WriteLine($"{name}: stopped at step {run.State.Step}; the same command with --resume goes on from there");
            return 130;
        }
        run.RestoreBest();
        export();
        Console.Error.WriteLine($"{name}: done, {run.State.Step} steps in {run.State.Seconds / 60:f1} minutes, held-out loss {run.State.BestLoss:f4}{(run.Criterion is null ? "" : $", accepted length {run.State.BestScore:f3}")} at step {run.State.BestStep}; to repeat: --steps {run.State.End} --fall-start {run.State.FallStart}");
        return 0;
    }
}
