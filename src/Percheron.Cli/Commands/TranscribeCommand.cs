using System.CommandLine;
using Percheron.Cli.Generation;
using Percheron.Cli.Hosting;
using Percheron.Cli.Options;
using Percheron.Cli.Output;
using Percheron.Codecs.Speech;
using Percheron.Decoding;

namespace Percheron.Cli.Commands;

/// <summary><c>percheron transcribe</c>: writes down what is said in a recording.</summary>
internal static class TranscribeCommand
{
    public static Command Create(Terminal terminal)
    {
        Command command = new("transcribe", "Writes down what is said in a WAV file of any rate. The text is that of plain decoding, speculation on or off. -m takes a GGUF file of the architecture whisper or the folder of a published checkpoint; -md an assistant that listens to the same states.");
        Argument<string> recording = new("WAV") { Description = "The recording." };
        ModelFlags models = new();
        SpeculationFlags how = new();
        PluginFlag plugin = new();
        JsonFlag json = new();
        Option<bool> compare = new("--compare") { Description = "Run plain decoding too, check that the text is byte-identical, print both speeds; exit 1 if it differs." };
        Option<int> repeats = new("--repeats") { Description = "With --compare: runs of each kind; speeds are medians.", HelpName = "N", DefaultValueFactory = _ => 3 };
        command.Add(recording);
        models.AddTo(command);
        how.AddTo(command);
        command.Add(compare);
        command.Add(repeats);
        plugin.AddTo(command);
        json.AddTo(command);
        Help.Attach(command, terminal, "percheron transcribe in.wav");
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(repeats) < 1) throw Failure.Usage("--repeats must be at least 1.");
            string file = parsed.GetRequiredValue(recording);
            Func<ModelHost, Drafter, BudgetPolicy> budget = how.ReadBudget(parsed);
            Catalog catalog = plugin.Read(parsed);
            ModelSettings settings = models.Read(parsed) with { Family = EmbeddedModels.Dictation, Needs = how.ReadNeeds(parsed, catalog) };
            Waveform sound = Read(file);
            Transcription transcription = new(settings, catalog, budget, terminal);
            bool silent = json.Read(parsed);
            for (int part = 0, parts = 1; part < parts && !terminal.Stop.IsCancellationRequested; part++)
            {
                if (part > 0 && !silent) terminal.Output.WriteLine();
                parts = transcription.Run(new SoundPart(sound, part), host => (how.ReadDrafter(parsed, host), how.ReadVerifier(parsed)), parsed.GetValue(compare) ? parsed.GetValue(repeats) : 0, silent);
            }
            if (silent) Json.Write(terminal, new TranscribeReport(file, sound.Duration.TotalSeconds, transcription.Text, transcription.Runs, parsed.GetValue(compare) ? transcription.Compared : null));
            return 0;
        });
        return command;
    }

    private static Waveform Read(string file)
    {
        if (Directory.Exists(file)) throw new Failure($"'{file}' is a folder; name the recording inside it.");
        if (!File.Exists(file)) throw new Failure($"there is no file '{file}'.");
        Waveform sound = WavFile.Read(file);
        return sound.Samples.Length > 0 ? sound : throw new Failure($"'{file}' holds no sound.");
    }
}
