using Percheron.Formats;
using Percheron.Models;
using Percheron.Models.Encoders;

namespace Percheron.Cli.Hosting;

/// <summary>A model and the file its weights lie in.</summary>
internal sealed class LoadedModel(string path, GgufFile file, Transformer model) : IDisposable
{
    public string Path { get; } = path;

    public GgufFile File { get; } = file;

    public Transformer Model { get; } = model;

    /// <summary>What has been heard, where the model listens to a recording.</summary>
    public HeardSound? Heard { get; private init; }

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

    /// <summary>A model that listens to part of a recording: a GGUF file or the folder of a published checkpoint.</summary>
    /// <exception cref="Failure">There is no such file, or it has no encoder.</exception>
    /// <exception cref="ModelFormatException">It is damaged, or does not listen.</exception>
    public static LoadedModel Hear(string path, ModelOptions options, SoundPart sound) => Listen(path, options, listener => HeardSound.Of(listener, path, sound));

    /// <summary>A model that listens to what another has heard.</summary>
    /// <inheritdoc cref="Hear"/>
    public static LoadedModel Listen(string path, ModelOptions options, EncoderStates states) => Listen(path, options, listener => new HeardSound(listener, states, 1));

    private static LoadedModel Listen(string path, ModelOptions options, Func<WhisperModel, HeardSound> hear)
    {
        if (!System.IO.File.Exists(path) && !System.IO.File.Exists(System.IO.Path.Combine(path, "config.json"))) throw new Failure($"there is no file '{path}', and no folder of that name with a config.json.");
        WhisperModel listener = WhisperModel.Open(path, options);
        try
        {
            HeardSound heard = hear(listener);
            return heard.States.Width == listener.StateWidth
                ? new LoadedModel(path, listener.File, listener.Listen(heard.States)) { Heard = heard }
                : throw new Failure($"'{path}' listens to states of {listener.StateWidth} numbers, and the target's have {heard.States.Width}: it is no assistant of this target.");
        }
        catch
        {
            listener.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Model.Dispose();
        Heard?.Listener.Dispose();
        File.Dispose();
    }
}
