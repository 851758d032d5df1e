using System.CommandLine;
using System.Diagnostics;
using Percheron.Codecs.Speech;
using Percheron.Evaluation.Speech;
using Percheron.Formats;
using Percheron.Training.Export;
using Percheron.Training.Runs;
using Percheron.Training.Speech;

namespace Percheron.Training.Commands;

/// <summary><c>percheron-train speech-codec</c>: learns the books of the speech codec, and a model that tells the speakers apart.</summary>
public static class SpeechCodecCommand
{
    /// <summary>Names of the files that are made.</summary>
    public const string CodecFile = "percheron-speech-codec.gguf", SpeakersFile = "percheron-speakers.gguf";

    private const int Measured = 120;

    private static readonly Option<string> Data = SpeechDataCommand.DataOption();
    private static readonly Option<DirectoryInfo> Out = new("--out") { Description = "Folder for everything that is made.", DefaultValueFactory = _ => new DirectoryInfo("out/speech") };
    private static readonly Option<bool> Resume = new("--resume") { Description = "Continue from the last pass instead of starting again." };
    private static readonly Option<ulong> Seed = new("--seed") { Description = "Seed of the strings and of the first codewords.", DefaultValueFactory = _ => 1 };
    private static readonly Option<int> Strings = new("--strings") { Description = "Strings of digits to learn from.", DefaultValueFactory = _ => new CodecRecipe().Strings };
    private static readonly Option<int> Books = new("--books") { Description = "Codes of a frame.", DefaultValueFactory = _ => new CodecRecipe().Books };
    private static readonly Option<int> Count = new("--count") { Description = "Codes of a book, with the one that says that there is nothing.", DefaultValueFactory = _ => new CodecRecipe().Count };
    private static readonly Option<int> Rounds = new("--rounds") { Description = "Passes over the data for each book.", DefaultValueFactory = _ => new CodecRecipe().Rounds };

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("speech-codec", "Learn the speech codec from spoken digits, measure it on held-out ones, and learn to tell the speakers apart.");
        foreach (Option option in (Option[])[Data, Out, Resume, Seed, Strings, Books, Count, Rounds]) command.Options.Add(option);
        command.SetAction((parsed, cancel) => Task.FromResult(Train(parsed, cancel)));
        return command;
    }

    private static int Train(ParseResult parsed, CancellationToken cancel)
    {
        string folder = Directory.CreateDirectory(parsed.GetRequiredValue(Out).FullName).FullName, path = Path.Combine(folder, CodecFile);
        var recipe = new CodecRecipe { Strings = parsed.GetValue(Strings), Books = parsed.GetValue(Books), Count = parsed.GetValue(Count), Rounds = parsed.GetValue(Rounds) };
        if (recipe.Strings < 1 || recipe.Books is < 1 or > 16 || recipe.Count is < 2 or > 4096 || recipe.Rounds < 1) throw new ArgumentException("speech-codec needs at least one string and one pass, 1 to 16 books, and 2 to 4096 codes");
        ulong seed = parsed.GetValue(Seed);
        SpokenDigits digits = SpokenDigits.Open(parsed.GetRequiredValue(Data), folder);
        var strings = new DigitStrings(digits, seed, heldOut: false);
        FrameData data = FrameData.Of(Enumerable.Range(0, recipe.Strings).Select(i => strings.At(i).Sound), recipe.Mel, recipe.Stack);
        var books = new BookTraining(data, recipe, seed);
        var run = new RunState { Seed = seed, End = recipe.Steps };
        if (!Run(books, recipe, Path.Combine(folder, "speech-codec.state"), parsed.GetValue(Resume), run, cancel))
        {
            Console.Error.WriteLine($"speech-codec: stopped after {books.Step} passes; the same command with --resume goes on from there");
            return 130;
        }
        SpeechCodec codec = CodecMaking.Write(path, CodecMaking.Finish(data, books, recipe));
        SpeakerModel speakers = Speakers(digits, Path.Combine(folder, SpeakersFile));
        var heldOut = new DigitStrings(digits, seed, heldOut: true);
        IReadOnlyList<CodecFigures> figures = CodecFigures.Measure(codec, [.. Enumerable.Range(0, Measured).Select(i => heldOut.At(i))], speakers);
        (run.Step, run.BestLoss, run.BestStep) = (books.Step, books.Error, books.Step);
        new ModelCard
        {
            File = CodecFile,
            Kind = "speech codec",
            Parameters = ((long)codec.Books * codec.Quantizer.Codes * codec.Quantizer.Width) + (codec.Decoder?.Weights.Length ?? 0) + (codec.Decoder?.Bias.Length ?? 0) + (2 * codec.Mel.Bands),
            Data = $"{data.Count} coded frames of {recipe.Strings} strings of spoken digits, takes 5 and above; {SpokenDigits.Licence}",
            Recipe = new { recipe, TokensPerSecond = codec.FramesPerSecond * codec.Books, Figures = figures },
            Run = run,
            Measured = $"{Measured} strings of held-out takes; distortions in dB, frame by frame; 0 books is log-mel frames and back without codes",
        }.Write(path);
        Show(codec, path, figures);
        return 0;
    }

    private static bool Run(BookTraining books, CodecRecipe recipe, string state, bool resume, RunState run, CancellationToken cancel)
    {
        if (resume && File.Exists(state)) books.Load(state);
        else if (resume) Console.Error.WriteLine("speech-codec: nothing to resume; starting from nothing");
        int from = books.Step;
        var watch = Stopwatch.StartNew();
        return ProgressView.Show("speech-codec", report =>
        {
            while (books.Step < recipe.Steps && !cancel.IsCancellationRequested)
            {
                books.Pass();
                books.Save(state);
                run.Seconds = watch.Elapsed.TotalSeconds;
                double perPass = run.Seconds / (books.Step - from);
                report(new Report(books.Step, books.Error, double.NaN, books.Frames / perPass, (double)books.Step / recipe.Steps, TimeSpan.FromSeconds(perPass * (recipe.Steps - books.Step))));
            }
            return books.Step == recipe.Steps;
        });
    }

    private static SpeakerModel Speakers(SpokenDigits digits, string path)
    {
        SpeakerModel speakers = SpeakerModel.Learn(digits.Speakers.Select(name =>
            (name, digits.Recordings.Where(recording => recording.Speaker == name && !recording.IsHeldOut).Select(recording => new Waveform(recording.Samples, digits.SampleRate)))));
        var writer = new GgufWriter();
        speakers.Write(writer);
        writer.Add("general.name", "Percheron Speakers");
        writer.Add("general.license", SpokenDigits.LicenceId);
        writer.Write(path);
        return speakers;
    }

    private static void Show(SpeechCodec codec, string path, IReadOnlyList<CodecFigures> figures)
    {
        Console.WriteLine($"{path}: {new FileInfo(path).Length} bytes, {codec.FramesPerSecond:f0} frames per second of {codec.Books} codes: {codec.FramesPerSecond * codec.Books:f0} tokens per second");
        Console.WriteLine("books  frames dB  mel-cepstral dB  convergence  speaker match");
        foreach (CodecFigures row in figures) Console.WriteLine($"{row.Books,5}  {row.FrameDistortionDb,9:f2}  {row.DistortionDb,15:f2}  {row.Convergence,11:f3}  {row.SpeakerMatch,13:p0}");
    }
}
