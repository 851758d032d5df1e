using Percheron.Formats;

namespace Percheron.Models.Architectures;

/// <summary>Reads the sizes of a transformer from the metadata of a file and checks that they make sense together.</summary>
internal sealed class ConfigReader
{
    private const int Largest = 1 << 24;
    private readonly GgufFile _file;
    private readonly Architecture _architecture;
    private readonly string _name;

    /// <exception cref="ModelFormatException">The file names no architecture, or one that is not supported.</exception>
    public ConfigReader(GgufFile file)
    {
        _file = file;
        _name = file.GetString("general.architecture");
        if (!Architecture.Known.TryGetValue(_name, out Architecture? known))
            throw file.Fault("general.architecture", $"architecture '{_name}' is not supported; supported are {string.Join(", ", Architecture.Known.Keys)}");
        _architecture = known;
    }

    /// <summary>Reads a file that is no model by itself.</summary>
    /// <param name="file">The file.</param>
    /// <param name="name">What its keys begin with.</param>
    /// <param name="architecture">What its layers are.</param>
    public ConfigReader(GgufFile file, string name, Architecture architecture) => (_file, _name, _architecture) = (file, name, architecture);

    public Architecture Architecture => _architecture;

    /// <param name="options">The context wanted.</param>
    /// <param name="vocab">Tokens, where the file does not say; 0 where it does.</param>
    /// <exception cref="ModelFormatException">A size is missing or impossible; the message names its key.</exception>
    public TransformerConfig Read(ModelOptions options, int vocab = 0)
    {
        RejectExperts();
        int hidden = Size("embedding_length");
        int heads = Size("attention.head_count");
        int keyHeads = Size("attention.head_count_kv", heads);
        if (keyHeads > heads || heads % keyHeads != 0) throw Fault("attention.head_count_kv", $"{heads} query heads cannot share {keyHeads} key heads");
        int headSize = HeadSize(hidden, heads);
        int trained = Size("context_length", largest: int.MaxValue);
        // A learned position that was never learned cannot be looked up.
        if (_architecture.Rope is null && !_architecture.Bidirectional) trained = (int)Math.Min(trained, _file.Tensor("position_embd.weight").Rows);
        int context = options.ContextLength > 0 ? Math.Min(options.ContextLength, trained) : trained;
        return new TransformerConfig
        {
            Architecture = _name,
            LayerCount = Size("block_count"),
            HiddenSize = hidden,
            HeadCount = heads,
            KeyValueHeadCount = keyHeads,
            HeadSize = headSize,
            FeedForwardSize = Size("feed_forward_length"),
            Vocab = vocab > 0 ? vocab : Vocab(),
            ContextLength = context,
            Norm = _architecture.Norm,
            NormEpsilon = Epsilon(),
            FeedForward = _architecture.FeedForward,
            AttentionScale = AttentionScale(headSize),
            Rope = _architecture.Rope is { } layout ? new RopeReader(_file, _name).Read(layout, headSize, trained, context) : null,
            Bidirectional = _architecture.Bidirectional,
            SlidingWindow = (int)Math.Min(_file.GetUInt32(Key("attention.sliding_window"), 0), int.MaxValue),
        };
    }

    private string Key(string key) => $"{_name}.{key}";

    private ModelFormatException Fault(string key, string reason) => _file.Fault(Key(key), $"{Key(key)}: {reason}");

    private int Size(string key, int? fallback = null, int largest = Largest)
    {
        uint size = fallback is { } value ? _file.GetUInt32(Key(key), (uint)value) : _file.GetUInt32(Key(key));
        return size > 0 && size <= largest ? (int)size : largest == int.MaxValue && size > 0 ? largest : throw Fault(key, $"{size} is not a possible size");
    }

    private int HeadSize(int hidden, int heads)
    {
        if (!_file.TryGetUInt32(Key("attention.key_length"), out _) && hidden % heads != 0)
            throw Fault("attention.head_count", $"{heads} heads do not divide {hidden} values, and attention.key_length is not given");
        int size = Size("attention.key_length", hidden / heads);
        int values = Size("attention.value_length", size);
        if ((long)size * heads > Largest) throw Fault("attention.key_length", $"{heads} heads of {size} are too large");
        if (values != size) throw Fault("attention.value_length", $"value heads of {values} beside key heads of {size} are not supported");
        return size;
    }

    private int Vocab()
    {
        TensorInfo embedding = _file.Tensor("token_embd.weight");
        if (embedding.Dimensions.Length > 2 || embedding.Rows > int.MaxValue) throw _file.Fault(embedding, "tensor 'token_embd.weight' is not a matrix [vocab, hidden]");
        return (int)embedding.Rows;
    }

    private float Epsilon()
    {
        string key = _architecture.Norm == NormKind.Layer ? "attention.layer_norm_epsilon" : "attention.layer_norm_rms_epsilon";
        float epsilon = _file.GetFloat32(Key(key));
        return epsilon >= 0 && float.IsFinite(epsilon) ? epsilon : throw Fault(key, $"{epsilon} is not a possible epsilon");
    }

    private float AttentionScale(int headSize)
    {
        float scale = _file.GetFloat32(Key("attention.scale"), 0);
        if (!float.IsFinite(scale) || scale < 0) throw Fault("attention.scale", $"{scale} is not a possible scale");
        return scale > 0 ? scale : (float)(1 / Math.Sqrt(headSize));
    }

    private void RejectExperts()
    {
        if (_file.GetUInt32(Key("expert_count"), 0) > 0) throw Fault("expert_count", "mixture-of-experts models are not supported");
    }
}
