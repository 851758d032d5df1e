using Percheron.Formats;
using Percheron.Kernels;
using Percheron.Models.Architectures;

namespace Percheron.Models.Encoders;

/// <summary>
/// An encoder of sound and a decoder that writes down what it hears. <see cref="Encode"/> is done once for a recording; <see cref="Listen(EncoderStates)"/> gives a model over it that reads and writes tokens like any other.
/// </summary>
/// <remarks>
/// Source: Radford et al. 2022, "Robust Speech Recognition via Large-Scale Weak Supervision", §2.2. A file without an encoder is an assistant that listens to the states of another model's (Gandhi et al.
/// 2023, "Distil-Whisper", §5).
/// </remarks>
public sealed class WhisperModel : IDisposable
{
    private readonly GgufFile? _ownFile;
    private readonly ThreadTeam? _ownTeam;
    private readonly AudioEncoder? _encoder;
    private readonly Transformer _decoder;
    private readonly MemoryReader _reader;

    private WhisperModel(GgufFile file, ModelOptions options, bool owns)
    {
        File = file;
        if (owns) _ownFile = file;
        string name = file.GetString("general.architecture");
        if (name != Whisper.Name) throw file.Fault("general.architecture", $"architecture '{name}' does not listen; '{Whisper.Name}' does");
        TransformerConfig config = new ConfigReader(file, $"{Whisper.Name}.decoder", Whisper.Decoder).Read(options) with { StateSize = WidthOfStates(file) };
        StartTokens = Start(file, config.Vocab);
        TransformerWeights weights = new WeightReader(file, Whisper.Decoder, config).Read();
        Team = options.Team ?? (_ownTeam = new ThreadTeam(options.ThreadCount));
        try
        {
            weights.Pack(Team.Threads, options.Time);
            if (file.TryGetTensor("enc.conv1.weight", out _)) _encoder = new AudioEncoder(file, weights, Team, options.Time);
            if (_encoder is { } encoder && encoder.Width != config.StateSize) throw file.Fault("whisper.encoder.embedding_length", $"the encoder has states of {encoder.Width} floats and the decoder reads {config.StateSize}");
            _decoder = new Transformer(weights, options with { Team = Team });
            _reader = new MemoryReader(weights, _decoder.CacheType, Team);
        }
        catch
        {
            _ownTeam?.Dispose();
            throw;
        }
    }

    /// <summary>The file, for what else it says: tokens, how sound becomes frames.</summary>
    public GgufFile File { get; }

    /// <summary>Sizes of the decoder.</summary>
    public TransformerConfig Config => _decoder.Config;

    /// <summary>Threads that encoder and decoder share; models that run in turn with this one may use them too.</summary>
    public ThreadTeam Team { get; }

    /// <summary>Whether there is an encoder; else states of another model's are listened to.</summary>
    public bool HasEncoder => _encoder is not null;

    /// <summary>Values of a frame; 0 without an encoder.</summary>
    public int Bands => _encoder?.Bands ?? 0;

    /// <summary>Most frames of a recording, two for each state; 0 without an encoder.</summary>
    public int MostFrames => _encoder?.MostFrames ?? 0;

    /// <summary>Floats of an encoder's state.</summary>
    public int StateWidth => Config.StateSize;

    /// <summary>What every text begins with.</summary>
    public IReadOnlyList<int> StartTokens { get; }

    /// <summary>Bytes of weights that the decoder's forward of one row with logits reads.</summary>
    public long WeightBytes => _decoder.WeightBytes;

    /// <summary>Reads a model from an open file, which must stay open as long as the model is used and is closed by the caller.</summary>
    /// <exception cref="ModelFormatException">It is no such model, or a metadata key or tensor is missing or wrong; the message names it.</exception>
    public static WhisperModel Load(GgufFile file, ModelOptions? options = null) => new(file, options ?? new ModelOptions(), owns: false);

    /// <summary>Reads a model.</summary>
    /// <param name="path">A GGUF file, or the folder of a checkpoint as it is published on Hugging Face: <c>config.json</c> and safetensors.</param>
    /// <param name="options">How it is run; the context is the decoder's.</param>
    /// <exception cref="ModelFormatException">As <see cref="Load"/>.</exception>
    /// <exception cref="IOException">There is no such file.</exception>
    public static WhisperModel Open(string path, ModelOptions? options = null)
    {
        GgufFile file = PublishedFolder.Holds(path) ? PublishedFolder.Open(path, "model that listens", (PublishedWhisper.Is, PublishedWhisper.Convert)) : GgufFile.Open(path);
        try
        {
            return new WhisperModel(file, options ?? new ModelOptions(), owns: true);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Hears a recording.</summary>
    /// <param name="frames">Log-mel frames [count, Bands], at most <see cref="MostFrames"/>.</param>
    /// <exception cref="ArgumentException">No frames, part of one, or too many.</exception>
    /// <exception cref="InvalidOperationException">There is no encoder.</exception>
    public EncoderStates Encode(ReadOnlySpan<float> frames) => (_encoder ?? throw new InvalidOperationException("this model has no encoder of its own; give it the states of another's")).Encode(frames);

    /// <summary>A model over one recording, in batches with others where they listen to something else; the caller disposes it before this one.</summary>
    /// <exception cref="ArgumentException">The states have another width.</exception>
    public Transformer Listen(EncoderStates states) => states.Width == StateWidth
        ? _decoder.Over(_reader.Read(states))
        : throw new ArgumentException($"states of {states.Width} floats were given where {StateWidth} are read: they are of another encoder", nameof(states));

    /// <inheritdoc cref="Listen(EncoderStates)"/>
    /// <param name="frames">As <see cref="Encode"/>.</param>
    public Transformer Listen(ReadOnlySpan<float> frames) => Listen(Encode(frames));

    /// <summary>Frees everything; the file is closed if it was opened here.</summary>
    public void Dispose()
    {
        _decoder.Dispose();
        _reader.Dispose();
        _encoder?.Dispose();
        _ownTeam?.Dispose();
        _ownFile?.Dispose();
    }

    private static int WidthOfStates(GgufFile file)
    {
        const string Key = "whisper.encoder.embedding_length";
        const int Most = 1 << 20;
        int width = file.GetInt32(Key);
        return width is > 0 and <= Most ? width : throw file.Fault(Key, $"{Key}: {width} should be 1 to {Most}");
    }

    private static int[] Start(GgufFile file, int vocab)
    {
        const string Key = "whisper.start_tokens";
        if (!file.TryGetInts(Key, out int[] tokens) || tokens.Length == 0) return [0];
        return Array.TrueForAll(tokens, token => token >= 0 && token < vocab) ? tokens : throw file.Fault(Key, $"{Key}: a token is not in the vocabulary of {vocab}");
    }
}
