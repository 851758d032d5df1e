using System.CommandLine;
using System.Globalization;
using Percheron.Codecs.Images;
using Percheron.Evaluation.Pictures;
using Percheron.Training.Export;
using Percheron.Training.Native;
using Percheron.Training.Nets;
using Percheron.Training.Objectives;
using Percheron.Training.Pictures;
using Percheron.Training.Runs;

namespace Percheron.Training.Commands;

/// <summary><c>percheron-train picture-codec</c>: learns pictures of 64 x 64 pixels as 16 x 16 codes.</summary>
public static class PictureCodecCommand
{
    private const int HeldOutRows = 64, Measured = 1000;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("picture-codec", "Train a vector-quantized autoencoder of pictures: 64 x 64 pixels to 16 x 16 codes.");
        var arguments = new RunArguments(command, minutes: 12);
        Option<string> data = PictureData.Option();
        Option<int> count = new("--count") { Description = "Number of codes.", DefaultValueFactory = _ => 256 };
        Option<string> name = new("--name") { Description = "Name of the run's folder and file.", DefaultValueFactory = _ => "picture-codec" };
        foreach (Option option in (Option[])[data, count, name]) command.Options.Add(option);
        command.SetAction((parsed, cancel) => Task.FromResult(Train(arguments, parsed, (parsed.GetRequiredValue(data), parsed.GetValue(count), parsed.GetRequiredValue(name)), cancel)));
        return command;
    }

    private static int Train(RunArguments arguments, ParseResult parsed, (string Data, int Count, string Name) request, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(request.Count, 2, "--count");
        ArgumentOutOfRangeException.ThrowIfGreaterThan(request.Count, 4096, "--count");
        TorchRuntime.Start(threads: 1);
        ulong seed = arguments.Seed(parsed);
        IPictureSet set = PictureData.Open(request.Data, seed);
        var workshop = new Workshop(arguments.Folder(parsed));
        string file = workshop.Head(request.Name);
        var shape = new PictureCodecShape(request.Count);
        RunOptions options = arguments.Options(parsed) with { RowsPerStep = 16, RowsPerPass = 8, MatrixRate = 0.02, VectorRate = 0.003, EvaluateEvery = 100, CheckpointEvery = TimeSpan.FromMinutes(1) };
        using var net = new StackNet([shape.Encoder, shape.Decoder], [(VqCodec.Codebook, shape.Count, shape.Vector)], seed);
        var rows = new PictureRows(set, PictureCodecShape.Grid * PictureCodecShape.Grid, HeldOutRows);
        using var run = new TrainingRun<StackNet>(net, new PictureCodes(), rows, options, new RunFolder(workshop.NetFolder(request.Name)), seed);
        return RunSession.Run(request.Name, run, arguments.Resume(parsed), cancel, () =>
        {
            PictureCodecFile.Write(file, net, "Percheron Picture Codec", set.License);
            PictureQuality quality = PictureQuality.Of(VqCodec.Open(file), set, Measured);
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{request.Name}: {new FileInfo(file).Length / 1e6:f2} MB; {quality}"));
            new ModelCard
            {
                File = Path.GetFileName(file),
                Kind = string.Create(CultureInfo.InvariantCulture, $"picture-codec(count={request.Count})"),
                Parameters = net.Parameters,
                Data = $"{set.Description}; licence of the weights: {set.License}",
                Recipe = new { Objective = nameof(PictureCodes), options.RowsPerStep, options.MatrixRate, options.VectorRate },
                Run = run.State,
                Measured = quality.ToString(),
            }.Write(file);
        });
    }
}
