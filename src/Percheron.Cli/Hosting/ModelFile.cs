using Percheron.Formats;

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
}
