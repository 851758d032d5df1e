using Percheron.Cli.Generation;
using Percheron.Cli.Hosting;
using Percheron.Codecs;
using Percheron.Decoding;

namespace Percheron.Cli.Quality;

/// <summary>What evaluations of models over codes have in common.</summary>
internal static class CodePrompts
{
    /// <summary>The session of a model whose codes are of a kind.</summary>
    /// <param name="settings">Models and sampling.</param>
    /// <param name="kind">What the codes must be of.</param>
    /// <param name="codec">The codec that was named; null looks beside the model and among the embedded ones.</param>
    /// <exception cref="Failure">They are of something else.</exception>
    public static CodeSession Open(EvaluationSettings settings, string kind, string? codec)
    {
        ModelHost host = settings.Host;
        if (host.Codes is not { } codes || codes.Kind != kind) throw new Failure($"'{host.TargetPath}' is no model of {(kind == CodeLayout.Image ? "pictures" : "speech")}: it does not state where such codes stand.");
        return new CodeSession(host, settings.Catalog, codes, codec ?? Companion.Of(host.TargetPath, "codec", new EmbeddedModels(settings.Terminal.ModelsFolder, kind == CodeLayout.Image ? EmbeddedModels.Pictures : EmbeddedModels.Speech).Codec));
    }

    /// <summary>Reads a file that belongs to scores; null and a note where it is not there and was not named.</summary>
    public static T? Part<T>(EvaluationSettings settings, string? named, string found, string lacks, Func<string, T> open) where T : class
    {
        if (Path.Exists(named ?? found)) return open(named ?? found);
        if (named is not null) throw new Failure($"there is no file or folder '{named}'.");
        settings.Terminal.Note($"there is no '{Path.GetFileName(found)}': {lacks}");
        return null;
    }

    /// <summary>The seed of a prompt.</summary>
    public static ulong Seed(EvaluationSettings settings, int index) => RandomSource.DeriveSeed(settings.Seed, index);
}
