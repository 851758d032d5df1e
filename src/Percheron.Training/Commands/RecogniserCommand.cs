using System.CommandLine;
using System.Globalization;
using Percheron.Codecs.Speech;
using Percheron.Formats;
using Percheron.Training.Evaluation;
using Percheron.Training.Export;
using Percheron.Training.Features;
using Percheron.Training.Native;
using Percheron.Training.Nets;
using Percheron.Training.Objectives;
using Percheron.Training.Runs;
using Percheron.Training.Speech;
using Percheron.Training.Tokens;
using static TorchSharp.torch;

namespace Percheron.Training.Commands;

/// <summary><c>percheron-train recogniser</c>: trains a model that writes spoken strings of digits down, or an assistant of one.</summary>
public static class RecogniserCommand
{
    private const int HeldOutRows = 64, RowsPerPass = 4, Frames = 1024, Context = 64;

    // One utterance in so many has been through the codec, where there is one.
    private const int Coded = 2;

    private sealed record Request(string Name, string Data, string? Codec, string? Assistant, string? From, string? Head, WhisperShape Shape, int RowsPerStep, double Rates, int Measured);

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("recogniser", "Train an encoder and decoder in Whisper's layout on spoken strings of digits; with --assistant a smaller decoder for the same encoder; with --head what drafts from its decoder's last state.");
        var arguments = new RunArguments(command, minutes: 20);
        Option<string> data = SpeechDataCommand.DataOption(), name = new("--name") { Description = "Name of the model's file, NAME-q8_0.gguf in --out.", DefaultValueFactory = _ => "recogniser" };
        Option<FileInfo?> codec = new("--codec") { Description = "A speech codec: half of the utterances go through it, so that speech made of codes is understood, too." };
        Option<FileInfo?> assistant = new("--assistant") { Description = "Train an assistant of this model: a decoder that listens to its encoder's states and learns its law." };
        Option<FileInfo?> from = new("--from") { Description = "Begin with the parameters of this file, which decides the sizes: a second stage." };
        Option<FileInfo?> model = new("--model", "-m") { Description = "With --head: the recogniser." };
        Option<string?> head = new("--head") { Description = "Train a head of this recipe, with its options, for --model: medusa, blockwise, hydra, redrafter." };
        Option<int> width = Number("--width", "Size of a hidden state.", 144), heads = Number("--heads", "Attention heads.", 4), encoder = Number("--encoder-layers", "Layers of the encoder.", 3), decoder = Number("--decoder-layers", "Layers of the decoder (an assistant: 1).", 2);
        Option<int> inner = Number("--inner", "Inner size of feed-forward halves.", 576), bands = Number("--bands", "Numbers of a frame of sound.", 40), vocabulary = Number("--vocabulary", "Tokens; the fewer, the longer are transcripts.", 288), rows = Number("--rows", "Utterances of one step; a multiple of 4.", 16), measured = Number("--measured", "Held-out strings that are transcribed in the end.", 300);
        Option<double> rates = new("--rates") { Description = "Learning rates, as a multiple of the usual ones.", DefaultValueFactory = _ => 1 };
        foreach (Option option in (Option[])[data, name, codec, assistant, from, model, head, width, heads, encoder, decoder, inner, bands, vocabulary, rows, measured, rates]) command.Options.Add(option);
        command.SetAction((parsed, cancel) =>
        {
            string? teacher = parsed.GetValue(assistant)?.FullName, kind = parsed.GetValue(head), start = parsed.GetValue(from)?.FullName;
            if (start is not null && (teacher ?? kind) is not null) throw new ArgumentException("--from is for a recogniser: an assistant or a head begins with what it is trained for.");
            if ((kind is null) != (parsed.GetValue(model) is null) || (kind is not null && teacher is not null)) throw new ArgumentException("--head and --model go together, and without --assistant.");
            int layers = teacher is not null && parsed.GetResult(decoder) is { Implicit: true } or null ? 1 : parsed.GetValue(decoder);
            var shape = new WhisperShape(parsed.GetValue(vocabulary), Context, parsed.GetValue(bands), Frames, parsed.GetValue(width), parsed.GetValue(encoder), layers, parsed.GetValue(inner), parsed.GetValue(heads));
            if (shape.Width % (2 * shape.Heads) != 0) throw new ArgumentException($"--width {shape.Width}, --heads {shape.Heads}: heads of an even size must fill the width.");
            if (parsed.GetValue(rows) % RowsPerPass != 0) throw new ArgumentException($"--rows must be a multiple of {RowsPerPass}.");
            var request = new Request(parsed.GetRequiredValue(name), parsed.GetRequiredValue(data), parsed.GetValue(codec)?.FullName, teacher ?? parsed.GetValue(model)?.FullName, start, kind, shape, parsed.GetValue(rows), parsed.GetValue(rates), parsed.GetValue(measured));
            return Task.FromResult(kind is null ? Train(arguments, parsed, request, cancel) : RecogniserHead.Train(arguments, parsed, new RecogniserHead(request.Name, request.Data, request.Codec, request.Assistant!, kind, request.Measured), cancel));
        });
        return command;
    }

    private static int Train(RunArguments arguments, ParseResult parsed, Request request, CancellationToken cancel)
    {
        TorchRuntime.Start(threads: 1);
        (ulong seed, string folder) = (arguments.Seed(parsed), arguments.Folder(parsed));
        string file = Path.Combine(folder, request.Name + "-q8_0.gguf");
        using WhisperNet? stored = request.Assistant is null ? null : WhisperFile.Read(request.Assistant, ScalarType.BFloat16), teacher = stored?.Frozen();
        using WhisperNet net = Begin(request, teacher, seed, out BpeVocabulary vocabulary, out WhisperMelSettings mel);
        DigitUtterances utterances = DigitUtterances.Open(request.Data, folder, seed, request.Codec, Coded, arguments.Options(parsed).Threads);
        var rows = new UtteranceRows(utterances.Train, Enumerable.Range(0, HeldOutRows).Select(i => utterances.HeldOut(i)), vocabulary, new WhisperMel(mel), net.Shape);
        IObjective<WhisperNet> objective = teacher is null ? new Transcript() : new AssistantTranscript(teacher);
        RunOptions options = arguments.Options(parsed) with { RowsPerStep = request.RowsPerStep, RowsPerPass = RowsPerPass };
        options = options with { MatrixRate = options.MatrixRate * request.Rates, VectorRate = options.VectorRate * request.Rates };
        using var run = new TrainingRun<WhisperNet>(net, objective, rows, options, new RunFolder(Directory.CreateDirectory(Path.Combine(folder, request.Name)).FullName), seed);
        return RunSession.Run(request.Name, run, arguments.Resume(parsed), cancel, () =>
        {
            WhisperFile.Write(file, net, vocabulary, mel, TensorType.Q8_0, (teacher is null ? "Percheron Dictation" : "Percheron Dictation Draft", SpokenDigits.LicenceId));
            string measured = Measure(file, request, utterances);
            Console.Error.WriteLine($"{request.Name}: {measured}");
            new ModelCard
            {
                File = Path.GetFileName(file),
                Kind = teacher is null ? "recogniser" : "recogniser's assistant, distilled",
                Drafter = teacher is null ? null : $"model(@{Path.GetFileName(file)})",
                Target = request.Assistant is null ? null : $"{Path.GetFileName(request.Assistant)}, SHA-256 {FeatureManifest.DigestOf(request.Assistant)}",
                Parameters = net.Parameters,
                Data = $"strings of one to {DigitStrings.Longest} spoken digits{(request.Codec is null ? "" : $", one in {Coded} through {Path.GetFileName(request.Codec)}")}; {SpokenDigits.Licence}",
                Recipe = new { Objective = objective.GetType().Name, options.RowsPerStep, options.MatrixRate, options.VectorRate },
                Run = run.State,
                Measured = measured,
            }.Write(file);
        });
    }

    private static WhisperNet Begin(Request request, WhisperNet? teacher, ulong seed, out BpeVocabulary vocabulary, out WhisperMelSettings mel)
    {
        if (request.From is { } from)
        {
            (vocabulary, mel) = Words(from);
            return WhisperFile.Read(from, ScalarType.BFloat16);
        }
        if (teacher is null)
        {
            (vocabulary, mel) = Fresh(request.Shape);
            return new WhisperNet(request.Shape, seed, ScalarType.BFloat16);
        }
        (vocabulary, mel) = Words(request.Assistant!);
        var net = new WhisperNet(teacher.Shape with { EncoderLayers = 0, DecoderLayers = request.Shape.DecoderLayers }, seed, ScalarType.BFloat16);
        net.Inherit(teacher);
        return net;
    }

    private static (BpeVocabulary, WhisperMelSettings) Fresh(WhisperShape shape)
    {
        // Three words tell how words follow each other.
        IEnumerable<string> texts = from a in SpokenDigits.Words from b in SpokenDigits.Words from c in SpokenDigits.Words select $"{a} {b} {c}";
        return (BpeTrainer.Train(texts, shape.Vocab), new WhisperMelSettings { SampleRate = 8000, Window = 200, Hop = 80, Bands = shape.Bands });
    }

    private static (BpeVocabulary, WhisperMelSettings) Words(string target)
    {
        using GgufFile file = GgufFile.Open(target);
        return (GgufModel.ReadVocabulary(target).Text, WhisperMelSettings.Read(file));
    }

    private static string Measure(string file, Request request, DigitUtterances utterances)
    {
        string on = $"on {request.Measured} held-out strings";
        Utterance[] Said(Func<long, Utterance> source) => [.. Enumerable.Range(0, request.Measured).Select(i => source(HeldOutRows + i))];
        if (request.Assistant is { } target) return string.Create(CultureInfo.InvariantCulture, $"accepted length {RecognitionMeasure.AcceptedLength(target, file, Said(utterances.HeldOut)):f2} {on}, greedy, chains of up to eight");
        string plain = string.Create(CultureInfo.InvariantCulture, $"word error rate {RecognitionMeasure.WordErrors(file, Said(utterances.HeldOut)):f2} % {on}");
        return utterances.HasCodec ? string.Create(CultureInfo.InvariantCulture, $"{plain}, {RecognitionMeasure.WordErrors(file, Said(utterances.HeldOutThroughCodec)):f2} % through the codec") : plain;
    }

    private static Option<int> Number(string name, string description, int value)
    {
        Option<int> option = new(name) { Description = description, DefaultValueFactory = _ => value };
        option.Validators.Add(result => { if (result.GetValueOrDefault<int>() < 1) result.AddError($"{name} must be at least 1."); });
        return option;
    }
}
