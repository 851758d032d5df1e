using System.CommandLine;
using Percheron.Formats;
using Percheron.Training.Corpus;
using Percheron.Training.Export;
using Percheron.Training.Native;
using Percheron.Training.Nets;
using Percheron.Training.Runs;
using Percheron.Training.Tokens;
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
        command.SetAction((parsed, cancel) => Task.FromResult(Train(arguments, parsed, cancel)));
        return command;
    }

    private static int Train(RunArguments arguments, ParseResult parsed, CancellationToken cancel)
    {
        // One thread per operation: workers divide the passes, not the products.
        TorchRuntime.Start(threads: 1);
        ulong seed = arguments.Seed(parsed);
        var workshop = new Workshop(arguments.Folder(parsed));
        EncodedCorpus corpus = workshop.Corpus(out BpeVocabulary vocabulary);
        LlamaShape shape = LlamaShape.Target;
        using var net = new LlamaNet(shape, seed, ScalarType.BFloat16);
        var rows = new DocumentRows(new RowStream(corpus.Train, shape.Context, seed), corpus.HeldOutRows(HeldOutRows, shape.Context));
        using var run = new TrainingRun<LlamaNet>(net, new NextToken(), rows, arguments.Options(parsed), new RunFolder(workshop.NetFolder("target")), seed);
        return RunSession.Run("target", run, arguments.Resume(parsed), cancel, () =>
        {
            GgufModel.Write(workshop.Target, net, vocabulary, TensorType.Q8_0, "Percheron Docs");
            RunOptions options = arguments.Options(parsed);
            new ModelCard
            {
                File = Path.GetFileName(workshop.Target),
                Kind = "target",
                Parameters = net.Parameters,
                Data = $"the training documents in rows of {rows.Length} tokens",
                Recipe = new { Objective = nameof(NextToken), options.RowsPerStep, options.MatrixRate, options.VectorRate },
                Run = run.State,
            }.Write(workshop.Target);
        });
    }
}
