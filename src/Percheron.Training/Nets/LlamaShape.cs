using Percheron.Formats;

namespace Percheron.Training.Nets;

/// <summary>The dimensions of a Llama-architecture network with a tied head.</summary>
/// <param name="Vocab">Tokens in the vocabulary.</param>
/// <param name="Context">Longest sequence trained on.</param>
/// <param name="Width">Size of a hidden state.</param>
/// <param name="Layers">Transformer layers.</param>
/// <param name="FeedForward">Inner size of the SwiGLU feed-forward.</param>
/// <param name="Heads">Query heads; a head has Width / Heads dimensions unless <paramref name="HeadSize"/> says otherwise.</param>
/// <param name="KeyHeads">Key and value heads; divides <paramref name="Heads"/>.</param>
/// <param name="HeadSize">Dimensions of one head.</param>
public sealed record LlamaShape(int Vocab, int Context, int Width, int Layers, int FeedForward, int Heads, int KeyHeads, int HeadSize)
{
    /// <summary>Base of the rotary frequencies.</summary>
    public const float RopeBase = 10000f;

    /// <summary>Added to the mean square in every RMS norm.</summary>
    public const float Epsilon = 1e-5f;

    /// <summary>The target: 8.9 M parameters.</summary>
    public static LlamaShape Target { get; } = new(4096, 512, 256, 8, 1024, 4, 2, 64);

    /// <summary>The draft: 1.4 M parameters, of which 1.05 M are the embedding.</summary>
    public static LlamaShape Draft { get; } = new(4096, 512, 256, 1, 256, 4, 2, 64);

    /// <summary>The dimensions a GGUF file states.</summary>
    /// <exception cref="InvalidDataException">It states none, or is no transformer of this form.</exception>
    public static LlamaShape Of(GgufFile file)
    {
        string architecture = file.GetString("general.architecture", "");
        // Heads know a recogniser by its decoder.
        if (architecture == "whisper") architecture = "whisper.decoder";
        int Number(string key, int? otherwise = null) => file.Metadata.TryGetValue($"{architecture}.{key}", out GgufValue? value) && value.TryInteger(out int number)
            ? number : otherwise ?? throw new InvalidDataException($"'{file.Path}' has no '{architecture}.{key}': it is no transformer that percheron-train knows.");
        int width = Number("embedding_length"), heads = Number("attention.head_count");
        return new LlamaShape(
            Number("vocab_size", file.TryGetTensor("token_embd.weight", out TensorInfo? embedding) ? (int)embedding.Rows : null), Number("context_length"), width, Number("block_count"),
            Number("feed_forward_length"), heads, Number("attention.head_count_kv", heads), Number("attention.key_length", width / heads));
    }

    /// <summary>Number of parameters; the head is the embedding and counts once.</summary>
    public long Parameters => (long)Vocab * Width + Width + Layers * (
        2L * Width + 2L * Width * Heads * HeadSize + 2L * Width * KeyHeads * HeadSize + 3L * Width * FeedForward);

    /// <summary>Every parameter by its GGUF name, with its size: [rows, columns] of a matrix, [width, 0] of a norm; in file order.</summary>
    public IEnumerable<(string Name, int Rows, int Columns)> Tensors()
    {
        yield return ("token_embd.weight", Vocab, Width);
        for (int i = 0; i < Layers; i++)
            foreach ((string Name, int Rows, int Columns) tensor in LlamaLayer.Tensors($"blk.{i}.", this)) yield return tensor;
        yield return ("output_norm.weight", Width, 0);
    }

    /// <summary>Standard deviation of a tensor's fresh values: 0.02, of what is added to the residual stream divided by √(2 · layers).</summary>
    public double Deviation(string name)
    {
        bool residual = name.EndsWith("attn_output.weight", StringComparison.Ordinal) || name.EndsWith("ffn_down.weight", StringComparison.Ordinal);
        return residual ? 0.02 / Math.Sqrt(2.0 * Layers) : 0.02;
    }
}
