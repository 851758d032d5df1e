using Percheron.Formats;
using Percheron.Models.Architectures;

namespace Percheron.Models.Widening;

/// <summary>The sizes by which tensors of a model or of a head are told apart.</summary>
/// <param name="Hidden">Floats of a hidden state.</param>
/// <param name="Inner">Inner floats of a feed-forward layer; 0 where there is none.</param>
/// <param name="Query">Floats of all query heads; 0 where there are none.</param>
/// <param name="Key">Floats of all key heads; 0 where there are none.</param>
internal readonly record struct WideningSizes(int Hidden, int Inner, int Query, int Key)
{
    /// <summary>Reads them from the metadata of a model, or of a head, which may have no layers.</summary>
    /// <exception cref="ModelFormatException">A size is missing or impossible.</exception>
    public static WideningSizes Of(GgufFile file)
    {
        string name = file.GetString("general.architecture");
        if (Architecture.Known.ContainsKey(name)) return Of(new ConfigReader(file).Read(new ModelOptions()));
        if (file.TryGetTensor("blk.0.attn_q.weight", out _)) return Of(new ConfigReader(file, name, Architecture.Head).Read(new ModelOptions(), vocab: 1));
        int hidden = file.GetInt32($"{name}.embedding_length");
        return hidden > 0 ? new WideningSizes(hidden, 0, 0, 0) : throw file.Fault($"{name}.embedding_length", $"{hidden} is not a possible size");
    }

    private static WideningSizes Of(TransformerConfig config) => new(config.HiddenSize, config.FeedForwardSize, config.QuerySize, config.KeyValueSize);
}
