using Percheron.Codecs;
using Percheron.Formats;
using Percheron.Models;
using Percheron.Models.Heads;

namespace Percheron.Cli.Hosting;

/// <summary>Model files that a person names.</summary>
internal static class ModelFile
{
    /// <summary>Opens a GGUF file.</summary>
    /// <exception cref="Failure">There is no such file, or it is not GGUF.</exception>
    /// <exception cref="ModelFormatException">It is damaged.</exception>
    public static GgufFile Open(string path)
    {
        if (Directory.Exists(path)) throw new Failure($"'{path}' is a folder; name the model file inside it.");
        if (!File.Exists(path)) throw new Failure($"there is no file '{path}'.");
        return GgufFile.Open(path);
    }

    /// <summary>Opens a head for a target.</summary>
    /// <exception cref="Failure">There is no such file, or it is not GGUF.</exception>
    /// <exception cref="ModelFormatException">It is damaged, or not for this target.</exception>
    public static HeadFile OpenHead(string path, Transformer target, ModelOptions options) =>
        File.Exists(path) || File.Exists(Path.Combine(path, "config.json")) ? HeadFile.Open(path, target, options) : throw new Failure($"there is no file '{path}', and no folder of that name with a config.json.");

    /// <summary>Opens a network that says how likely drafted tokens are to be accepted.</summary>
    /// <exception cref="Failure">There is no such file.</exception>
    /// <exception cref="ModelFormatException">It is damaged, or something else.</exception>
    public static AcceptanceHead OpenAcceptance(string path) => File.Exists(path) ? AcceptanceHead.Open(path) : throw new Failure($"there is no file '{path}'.");

    /// <summary>The tokenizer of a GGUF file or of a Hugging Face <c>tokenizer.json</c>.</summary>
    public static Tokenizer ReadTokenizer(string path)
    {
        if (path.EndsWith(".json", StringComparison.OrdinalIgnoreCase) && File.Exists(path)) return Tokenizer.FromHuggingFace(path);
        using GgufFile file = Open(path);
        return Tokenizer.FromGguf(file);
    }

    /// <exception cref="Failure">No file can be written there.</exception>
    public static void RequireWritable(string path)
    {
        if (Directory.Exists(path)) throw new Failure($"'{path}' is a folder; name the file to write.");
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && !Directory.Exists(folder)) throw new Failure($"there is no folder '{folder}' to write to.");
    }
}
