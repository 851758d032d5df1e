using System.CommandLine;
using System.Globalization;
using Percheron.Cli.Generation;
using Percheron.Cli.Hosting;
using Percheron.Cli.Options;
using Percheron.Cli.Output;
using Percheron.Codecs;
using Percheron.Codecs.Speech;

namespace Percheron.Cli.Commands;

/// <summary><c>percheron speak</c>: says a text.</summary>
internal static class SpeakCommand
{
    private const string Example = "seven three nine", FirstVoice = "0";

    public static Command Create(Terminal terminal)
    {
        Command command = new("speak", "Says a text and writes it as a WAV file. The codes are those of plain decoding, speculation on or off.");
        CodeFlags flags = new(EmbeddedModels.Speech, ("TEXT", $"What to say, such as \"{Example}\"."), "out.wav");
        Option<string> voice = new("--voice") { Description = "Which of the model's voices: its number, from 0, or its name.", HelpName = "N", DefaultValueFactory = _ => FirstVoice };
        flags.AddTo(command);
        command.Add(voice);
        Help.Attach(command, terminal, $"percheron speak \"{Example}\" -o out.wav");
        command.SetAction(parsed =>
        {
            string text = SpokenText.Of(flags.ReadCondition(parsed)), file = flags.ReadOutput(parsed);
            int repeats = flags.ReadRepeats(parsed);
            flags.Sampling.Read(parsed);
            using CodeSession session = flags.Open(parsed, terminal, CodeLayout.Speech, samples: 1);
            SpeechCodec codec = Voices.Codec(session);
            int[] prompt = session.Prompt(text, Voice(session, parsed.GetValue(voice)!));
            GenerationRequest request = new()
            {
                Prompt = prompt, Sampling = flags.Sampling.Read(parsed), Seed = flags.Sampling.ReadSeed(parsed), MaxTokens = session.Host.Target.ContextLength - prompt.Length + 1,
                // Less than a frame of every book is no sound.
                MinTokens = session.Codes.Books * session.Codes.Books, Constraint = session.Constraint(ends: true),
            };
            DelayPattern pattern = new(session.Codes.Books, session.Codes.Count);
            CodeRun run = CodeRun.Do(session, flags, parsed, terminal, request, repeats, (done, _) => $"{Seconds(done / session.Codes.Books / codec.FramesPerSecond)} s");
            Waveform sound = codec.Decode(pattern.FromTokens(run.Samples[0].Tokens, session.Codes));
            WavFile.Write(file, sound);
            if (flags.ReadJson(parsed)) Json.Write(terminal, ArtefactReport.Of(run, file, text, session));
            else terminal.Note($"sound     {file}, {Seconds((double)sound.Samples.Length / sound.SampleRate)} s{(run.Result.FinishText == "length" ? "; the model's context was full before it came to an end" : "")}");
            return run.Judge();
        });
        return command;
    }

    private static string Seconds(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);

    // A voice is a token of its own; by its number among them or by what it is called.
    private static int[] Voice(CodeSession session, string wanted)
    {
        IReadOnlyList<(int Token, string Name)> voices = Voices.Of(session);
        if (voices.Count == 0) return wanted == FirstVoice ? [] : throw new Failure($"'{session.Host.TargetPath}' has no voices to choose from; leave --voice out.");
        int at = int.TryParse(wanted, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number < voices.Count ? number : voices.Select(v => v.Name).ToList().FindIndex(name => name.Equals(wanted, StringComparison.OrdinalIgnoreCase));
        return at >= 0 ? [voices[at].Token] : throw new Failure($"there is no voice '{wanted}'; choose from {string.Join(", ", voices.Select((voice, i) => $"{i} ({voice.Name})"))}.");
    }
}
