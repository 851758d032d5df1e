using System.CommandLine;
using Percheron.Cli.Commands;
using Percheron.Cli.Generation;
using Percheron.Cli.Hosting;
using Percheron.Cli.Options;
using Percheron.Codecs;
using Percheron.Codecs.Images;
using Percheron.Decoding;
using Percheron.Evaluation.Onnx;
using Percheron.Evaluation.Pictures;

namespace Percheron.Cli.Quality;

/// <summary><c>evaluate image</c>.</summary>
internal sealed class ImageFlags : ModalityFlags
{
    private readonly Option<string?> _codec = new("--codec") { Description = "What turns codes into pictures: a GGUF file, or palette. [default: CODEC beside the model, or the embedded one]", HelpName = "PATH" };
    private readonly Option<string?> _features = new("--features") { Description = "The network whose features FID compares: one of percheron-train picture-features (GGUF), or any ONNX file such as an Inception, reported under its own name. [default: FEATURES beside the model, or the embedded one]", HelpName = "PATH" };
    private readonly Option<string?> _pictureText = new("--picture-text") { Description = "The networks of the CLIP score: those of percheron-train picture-text (GGUF), or a folder with an exported CLIP (vision_model.onnx, text_model.onnx, tokenizer.json), reported under its own name. [default: PICTURE-TEXT beside the model, or the embedded one]", HelpName = "PATH" };
    private readonly GuidanceFlag _guidance = new();

    public override string Name => "image";

    public override string Description => "Pictures of held-out captions: FID, CLIP score, and whether the scene is what the caption asks for.";

    public override string Example => "percheron evaluate image --samples 5000 --report out.html";

    public override string Family => EmbeddedModels.Pictures;

    public override SamplingSettings Sampling => CodeSession.Standard;

    public override IReadOnlyList<Option> Options => [_codec, _features, _pictureText, _guidance.Option];

    public override ModelSettings Change(ModelSettings settings, ParseResult parsed) => settings with { Guidance = _guidance.Read(parsed) };

    public override IModality Open(ParseResult parsed, EvaluationSettings settings)
    {
        CodeSession session = CodePrompts.Open(settings, CodeLayout.Image, parsed.GetValue(_codec));
        IPictureCodec codec = ImageCommand.Codec(session);
        string folder = settings.Terminal.ModelsFolder, target = settings.Host.TargetPath;
        IPictureFeatures? features = CodePrompts.Part<IPictureFeatures>(settings, parsed.GetValue(_features), Companion.Of(target, "features", Path.Combine(folder, Family + "features.gguf")), "no FID", OpenFeatures);
        IPictureText? text = CodePrompts.Part<IPictureText>(settings, parsed.GetValue(_pictureText), Companion.Of(target, "picture-text", Path.Combine(folder, Family + "picture-text.gguf")), "no CLIP score", OpenPictureText);
        return new ImageModality(settings, session, codec, features, text);
    }

    private static IPictureFeatures OpenFeatures(string path) => path.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase) ? new OnnxFeatures(path) : StackFeatures.Open(path);

    private static IPictureText OpenPictureText(string path) => Directory.Exists(path) ? new OnnxPictureText(path) : StackPictureText.Open(path);
}
