using System.CommandLine;
using System.Globalization;
using Percheron.Evaluation.Pictures;
using Percheron.Evaluation.Scenes;
using Percheron.Formats;
using Percheron.Training.Export;
using Percheron.Training.Native;
using Percheron.Training.Nets;
using Percheron.Training.Objectives;
using Percheron.Training.Pictures;
using Percheron.Training.Runs;

namespace Percheron.Training.Commands;

/// <summary><c>percheron-train picture-features</c> and <c>picture-text</c>: the small networks by which pictures are scored, for FID and for the CLIP score.</summary>
public static class PictureScoreCommand
{
    private const int Together = 64, HeldOut = 8, Measured = 16, Read = 20_000;
    private const string License = "mit";

    private sealed record Request(string Name, IObjective<StackNet> Objective, Func<StackNet, Batch, double> Measure, string Measures, Action<string, StackNet> Write);

    /// <summary><c>picture-features</c>.</summary>
    public static Command CreateFeatures()
    {
        var command = new Command("picture-features", "Train the network whose features FID compares: a classifier of what is in a captioned scene.");
        var arguments = new RunArguments(command, minutes: 8);
        command.SetAction((parsed, cancel) =>
        {
            TorchRuntime.Start(threads: 1);
            ulong seed = arguments.Seed(parsed);
            using var net = new StackNet([PictureTowers.Features, PictureTowers.Deciding], [], seed);
            var rows = new SceneRows(new SceneGenerator(seed), scene => SceneAttributes.Of(scene.Scene), Together, HeldOut);
            var request = new Request("picture-features", new SceneLabels(), SceneLabels.Accuracy, "held-out scenes of which every attribute is said rightly",
                static (file, trained) => StackFile.Writer(trained, StackFeatures.Architecture, "Percheron scene features", License, TensorType.F16).Write(file));
            return Task.FromResult(Train(arguments, parsed, net, rows, request, cancel));
        });
        return command;
    }

    /// <summary><c>picture-text</c>.</summary>
    public static Command CreateText()
    {
        var command = new Command("picture-text", "Train the two networks of the CLIP score on captioned scenes: one sees pictures, one reads captions.");
        var arguments = new RunArguments(command, minutes: 10);
        command.SetAction((parsed, cancel) =>
        {
            TorchRuntime.Start(threads: 1);
            ulong seed = arguments.Seed(parsed);
            SceneGenerator scenes = new(seed);
            var words = CaptionVocabulary.Of(Enumerable.Range(0, Read).Select(i => scenes.Train(i).Text));
            using var net = new StackNet([PictureTowers.Picture, PictureTowers.Text(words.Count)], [], seed);
            var rows = new SceneRows(scenes, scene => [.. words.Encode(scene.Text, PictureTowers.Words).Select(id => (short)id)], Together, HeldOut);
            var request = new Request("picture-text", new PictureTextContrast(), PictureTextContrast.Found, $"held-out pictures that find their caption among {Together}", (file, trained) =>
            {
                GgufWriter writer = StackFile.Writer(trained, StackPictureText.Architecture, "Percheron scene towers", License, TensorType.F16);
                writer.Add(StackPictureText.WordsKey, words.Words.ToArray());
                writer.Write(file);
            });
            return Task.FromResult(Train(arguments, parsed, net, rows, request, cancel));
        });
        return command;
    }

    private static int Train(RunArguments arguments, ParseResult parsed, StackNet net, SceneRows rows, Request request, CancellationToken cancel)
    {
        var workshop = new Workshop(arguments.Folder(parsed));
        string file = workshop.Head(request.Name);
        RunOptions options = arguments.Options(parsed) with { RowsPerStep = 2 * Together, RowsPerPass = Together, MatrixRate = 0.02, VectorRate = 0.003, EvaluateEvery = 50, CheckpointEvery = TimeSpan.FromMinutes(1) };
        using var run = new TrainingRun<StackNet>(net, request.Objective, rows, options, new RunFolder(workshop.NetFolder(request.Name)), arguments.Seed(parsed));
        return RunSession.Run(request.Name, run, arguments.Resume(parsed), cancel, () =>
        {
            request.Write(file, net);
            // Other scenes than those by which the best parameters were chosen.
            double score = Enumerable.Range(HeldOut, Measured).Average(row => request.Measure(net, rows.HeldOut(row)));
            string measured = string.Create(CultureInfo.InvariantCulture, $"{request.Measures}: {score:p1}");
            Console.Error.WriteLine($"{request.Name}: {measured}");
            new ModelCard
            {
                File = Path.GetFileName(file),
                Kind = request.Name,
                Parameters = net.Parameters,
                Data = $"captioned scenes of this project's generator, seed {arguments.Seed(parsed)}; captions that are held out are never trained; licence of the weights: {License}",
                Recipe = new { Objective = request.Objective.GetType().Name, options.RowsPerStep, options.MatrixRate, options.VectorRate },
                Run = run.State,
                Measured = measured,
            }.Write(file);
        });
    }
}
