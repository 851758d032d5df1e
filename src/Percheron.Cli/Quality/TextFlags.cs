using System.CommandLine;
using Percheron.Cli.Hosting;

namespace Percheron.Cli.Quality;

/// <summary><c>evaluate text</c>.</summary>
internal sealed class TextFlags : ModalityFlags
{
    public override string Name => "text";

    public override string Description => "Translations of held-out sentences: BLEU, chrF, exact match, perplexity.";

    public override string Example => "percheron evaluate text -m translation-q8_0.gguf -md translation-draft-q8_0.gguf --report out.html";

    public override string Family => EmbeddedModels.Translation;

    public override IModality Open(ParseResult parsed, EvaluationSettings settings) => new TextModality(settings);
}
