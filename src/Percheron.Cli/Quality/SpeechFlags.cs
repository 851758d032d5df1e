using System.CommandLine;
using Percheron.Cli.Generation;
using Percheron.Cli.Hosting;
using Percheron.Cli.Options;
using Percheron.Codecs;
using Percheron.Decoding;
using Percheron.Evaluation.Speech;
using Percheron.Formats;
using Percheron.Models;

namespace Percheron.Cli.Quality;

/// <summary><c>evaluate speech</c>.</summary>
internal sealed class SpeechFlags : ModalityFlags
{
    private readonly Option<string?> _codec = new("--codec") { Description = "What turns codes into sound: a GGUF file. [default: CODEC beside the model, or the embedded one]", HelpName = "PATH" };
    private readonly Option<string?> _recogniser = new("--recogniser") { Description = "The recogniser of error rates: a GGUF file, or the folder of a published checkpoint. [default: the embedded one]", HelpName = "PATH" };
    private readonly Option<string?> _speakers = new("--speakers") { Description = "The model that tells speakers apart: a GGUF file. [default: SPEAKERS beside the model, or the embedded one]", HelpName = "PATH" };
    private readonly Option<string?> _recordings = new("--recordings") { Description = "A folder of recordings DIGIT_SPEAKER_TAKE.wav (free spoken digits): the held-out takes, joined, are what mel-cepstral distortion compares with.", HelpName = "FOLDER" };

    private readonly GuidanceFlag _guidance = new();

    public override string Name => "speech";

    public override string Description => "Spoken strings of digits that were held out: word and character error rate by a recogniser, speaker match, mel-cepstral distortion.";

    public override string Example => "percheron evaluate speech --samples 5000 --report out.html";

    public override string Family => EmbeddedModels.Speech;

    public override SamplingSettings Sampling => CodeSession.Standard;

    public override IReadOnlyList<Option> Options => [_codec, _recogniser, _speakers, _recordings, _guidance.Option];

    public override ModelSettings Change(ModelSettings settings, ParseResult parsed) => settings with { Guidance = _guidance.Read(parsed) };

    public override IModality Open(ParseResult parsed, EvaluationSettings settings)
    {
        CodeSession session = CodePrompts.Open(settings, CodeLayout.Speech, parsed.GetValue(_codec));
        string folder = settings.Terminal.ModelsFolder, target = settings.Host.TargetPath;
        string recogniser = parsed.GetValue(_recogniser) ?? new EmbeddedModels(folder, EmbeddedModels.Dictation).Target;
        if (!File.Exists(recogniser) && !Directory.Exists(recogniser)) throw new Failure($"there is no recogniser at '{recogniser}', without which nobody says what was spoken; name one with --recogniser.");
        DigitRecordings? recordings = parsed.GetValue(_recordings) is { } path ? DigitRecordings.Read(path) : null;
        SpeakerModel? speakers = CodePrompts.Part(settings, parsed.GetValue(_speakers), Companion.Of(target, "speakers", Path.Combine(folder, Family + "speakers.gguf")), "no speaker match", ReadSpeakers);
        return new SpeechModality(settings, session, Recogniser.Open(recogniser, new ModelOptions { Team = settings.Host.Target.Team }), speakers, recordings);
    }

    private static SpeakerModel ReadSpeakers(string path)
    {
        using GgufFile file = GgufFile.Open(path);
        return SpeakerModel.Read(file);
    }
}
