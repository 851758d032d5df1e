using Percheron.Formats;
using Percheron.Models;

namespace Percheron.Cli.Hosting;

/// <summary>A model and the file its weights lie in.</summary>
internal sealed class LoadedModel(string path, GgufFile file, Transformer model) : IDisposable
{
    public string Path { get; } = path;

    public GgufFile File { get; } = file;

    public Transformer Model { get; } = model;

    /// <summary>Whether the file says what its tokens are.</summary>
    public bool HasVocabulary => File.GetString("tokenizer.ggml.model", "none") is not ("none" or "no_vocab");

    /// <exception cref="Failure">There is no such file.</exception>
    /// <exception cref="ModelFormatException">It is not a model that runs here.</exception>
    public static LoadedModel Open(string path, ModelOptions options)
    {
        GgufFile file = ModelFile.Open(path);
        try
        {
            return new LoadedModel(path, file, Transformer.Load(file, options));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Model.Dispose();
        File.Dispose();
    }
}
