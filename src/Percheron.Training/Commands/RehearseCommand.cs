using System.CommandLine;
using Percheron.Drafters;
using Percheron.Formats;
using Percheron.Models;
using Percheron.Training.Corpus;
using Percheron.Training.Distillation;
using Percheron.Training.Evaluation;
using Percheron.Training.Export;
using Percheron.Training.Native;
using Percheron.Training.Nets;
using Percheron.Training.Runs;
using Percheron.Training.Tokens;
using static TorchSharp.torch;

namespace Percheron.Training.Commands;

/// <summary>
/// <c>percheron-train rehearse</c>: a small run with everything a large one has (two workers, BF16, text drawn on policy, held-out acceptance as the criterion, checkpoints), on invented documents. What
/// <see cref="CheckResumeCommand"/> kills.
/// </summary>
public static class RehearseCommand
{
    private static readonly LlamaShape Target = new(Vocab: 300, Context: 72, Width: 32, Layers: 1, FeedForward: 64, Heads: 2, KeyHeads: 1, HeadSize: 16);

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("rehearse", "Train a tiny draft on invented documents, to try out resuming.") { Hidden = true };
        var arguments = new RunArguments(command, minutes: 1);
        command.SetAction((parsed, cancel) => Task.FromResult(Train(arguments, parsed, cancel)));
        return command;
    }

    private static int Train(RunArguments arguments, ParseResult parsed, CancellationToken cancel)
    {
        TorchRuntime.Start(threads: 1);
        string folder = arguments.Folder(parsed), model = Path.Combine(folder, "target.gguf");
        ulong seed = arguments.Seed(parsed);
        Document[] documents = [.. Enumerable.Range(0, 60).Select(i => new Document($"M:Acme.Tool{i}.Open(System.Int32)", $"M:Acme.Tool{i}.Open(System.Int32)\n/// <summary>Opens tool number {i} of {i * i}.</summary>\n"))];
        BpeVocabulary vocabulary = BpeTrainer.Train(documents.Select(document => document.Text), Target.Vocab);
        var corpus = new EncodedCorpus(documents, vocabulary);
        using var target = new LlamaNet(Target, seed, ScalarType.BFloat16);
        GgufModel.Write(model, target, vocabulary, TensorType.F32, "Rehearsal");
        using LlamaNet frozen = target.Frozen(), draft = new(Target, seed + 1, ScalarType.BFloat16);
        using var acceptance = new AcceptanceMeasure(model, new FirstLines(vocabulary).Spread(corpus.Train, 4), tokens: 8, threads: 1);
        var measured = new RowStream(corpus.Train, Target.Context, seed: 0);
        var rows = new DocumentRows(new RowStream(corpus.Train, Target.Context, seed), [measured.Row(0).ToArray(), measured.Row(1).ToArray()]);
        RunOptions options = arguments.Options(parsed) with { Threads = 2, RowsPerStep = 4, RowsPerPass = 2, EvaluateEvery = 10, Patience = int.MaxValue, CheckpointEvery = TimeSpan.Zero };
        var files = new RunFolder(folder);
        using var run = new TrainingRun<LlamaNet>(draft, new Distil(frozen, Divergence.Named("lk"), DistillationData.Mixed), rows, options, files, seed)
        {
            Criterion = current =>
            {
                GgufModel.Write(files.Trial, current, vocabulary, TensorType.F32, "Rehearsal");
                using GgufFile file = GgufFile.Open(files.Trial);
                using var small = Transformer.Load(file, new ModelOptions { Threads = 1 });
                return AcceptanceMeasure.Score(acceptance.Measure(_ => new ModelDrafter(small)));
            },
        };
        return RunSession.Run("rehearsal", run, arguments.Resume(parsed), cancel, () => GgufModel.Write(Path.Combine(folder, KilledRun.Result), draft, vocabulary, TensorType.F32, "Rehearsal"));
    }
}
