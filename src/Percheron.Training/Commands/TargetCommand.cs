using System.CommandLine;
using Percheron.Training.Corpus;
using Percheron.Training.Native;
using Percheron.Training.Nets;
using Percheron.Training.Runs;
using static TorchSharp.torch;

namespace Percheron.Training.Commands;

/// <summary><c>percheron-train target</c>: trains the target from nothing.</summary>
public static class TargetCommand
{
    private const int HeldOutRows = 48;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("target", "Train the target on the .NET documentation.");
        var arguments = new RunArguments(command, minutes: 60);
        command.SetAction((parsed, cancel) => Task.FromResult(Train(arguments.Folder(parsed), arguments.Options(parsed), arguments.Seed(parsed), arguments.Resume(parsed), cancel)));
        return command;
    }

    private static int Train(string folder, RunOptions options, ulong seed, bool resume, CancellationToken cancel)
    {
        // One thread per operation: workers divide the passes, not the products.
        TorchRuntime.Start(threads: 1);
        var workshop = new Workshop(folder);
        EncodedCorpus corpus = workshop.Corpus(out _);
        LlamaShape shape = LlamaShape.Target;
        using var net = new LlamaNet(shape, seed, ScalarType.BFloat16);
        var rows = new RowStream(corpus.Train, shape.Context, seed);
        using var run = new TrainingRun(net, new NextToken(), rows, corpus.HeldOutRows(HeldOutRows, shape.Context), options, workshop.NetFolder("target"), seed);
        if (resume && !run.TryResume()) Console.Error.WriteLine("target: no checkpoint to resume; starting from nothing");
        Console.Error.WriteLine($"target: {shape.Parameters} parameters, {rows.Tokens} training tokens, from step {run.State.Step}");
        bool done = ProgressView.Show("target", report => run.Run(report, cancel));
        Console.Error.WriteLine($"target: {(done ? "done" : "stopped")} at step {run.State.Step}, best held-out loss {run.State.BestLoss:f4} at step {run.State.BestStep}, {run.State.Seconds / 60:f1} minutes");
        return done ? 0 : 130;
    }
}
