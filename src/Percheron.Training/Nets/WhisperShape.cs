using Percheron.Formats;

namespace Percheron.Training.Nets;

/// <summary>The dimensions of an encoder and decoder in Whisper's layout, head tied to the embedding.</summary>
/// <param name="Vocab">Tokens in the vocabulary.</param>
/// <param name="Context">Longest text trained on, in tokens.</param>
/// <param name="Bands">Numbers of a frame of sound.</param>
/// <param name="Frames">Most frames of a recording; even.</param>
/// <param name="Width">Size of a hidden state, in both halves.</param>
/// <param name="EncoderLayers">Layers of the encoder; 0 for an assistant, which listens to the states of another model's.</param>
/// <param name="DecoderLayers">Layers of the decoder.</param>
/// <param name="FeedForward">Inner size of feed-forward halves.</param>
/// <param name="Heads">Attention heads.</param>
public sealed record WhisperShape(int Vocab, int Context, int Bands, int Frames, int Width, int EncoderLayers, int DecoderLayers, int FeedForward, int Heads)
{
    /// <summary>Added to the variance in every norm.</summary>
    public const double Epsilon = 1e-5;

    /// <summary>States of the longest recording.</summary>
    public int States => Frames / 2;

    /// <summary>The dimensions a GGUF file states.</summary>
    /// <exception cref="InvalidDataException">It states none.</exception>
    public static WhisperShape Of(GgufFile file)
    {
        int Number(string key, int? otherwise = null) => file.Metadata.TryGetValue("whisper." + key, out GgufValue? value) && value.TryInteger(out int number)
            ? number : otherwise ?? throw new InvalidDataException($"'{file.Path}' has no 'whisper.{key}': it is no model that listens.");
        return new WhisperShape(
            (int)file.Tensor("token_embd.weight").Rows, Number("decoder.context_length"), Number("bands"), 2 * Number("encoder.context_length"), Number("decoder.embedding_length"), Number("encoder.block_count", 0),
            Number("decoder.block_count"), Number("decoder.feed_forward_length"), Number("decoder.attention.head_count"));
    }

    /// <summary>Every parameter by its GGUF name, with its size: [rows, columns] of a matrix, [rows, 0] of a vector; in file order.</summary>
    public IEnumerable<(string Name, int Rows, int Columns)> Tensors()
    {
        IEnumerable<(string, int, int)> tensors = [("token_embd.weight", Vocab, Width), ("position_embd.weight", Context, Width)];
        for (int i = 0; i < DecoderLayers; i++) tensors = tensors.Concat(Layer($"blk.{i}.", cross: true));
        tensors = tensors.Concat(Norm("output_norm"));
        if (EncoderLayers == 0) return tensors;
        tensors = tensors.Concat(Affine("enc.conv1", Width, 3 * Bands)).Concat(Affine("enc.conv2", Width, 3 * Width));
        for (int i = 0; i < EncoderLayers; i++) tensors = tensors.Concat(Layer($"enc.blk.{i}.", cross: false));
        return tensors.Concat(Norm("enc.output_norm"));
    }

    /// <summary>Standard deviation of a tensor's fresh values: 0.02, of what is added to a residual stream divided by √(2 · layers).</summary>
    public double Deviation(string name)
    {
        bool residual = name.EndsWith("attn_output.weight", StringComparison.Ordinal) || name.EndsWith("ffn_down.weight", StringComparison.Ordinal);
        return residual ? 0.02 / Math.Sqrt(2.0 * Math.Max(DecoderLayers, EncoderLayers)) : name.StartsWith("enc.conv", StringComparison.Ordinal) ? 0.05 : 0.02;
    }

    private IEnumerable<(string, int, int)> Layer(string at, bool cross)
    {
        foreach (string attention in cross ? (string[])["attn", "cross_attn"] : ["attn"])
        {
            foreach (var tensor in Norm($"{at}{attention}_norm").Concat(Affine($"{at}{attention}_q", Width, Width))) yield return tensor;
            yield return ($"{at}{attention}_k.weight", Width, Width);
            foreach (var tensor in Affine($"{at}{attention}_v", Width, Width).Concat(Affine($"{at}{attention}_output", Width, Width))) yield return tensor;
        }
        foreach (var tensor in Norm(at + "ffn_norm").Concat(Affine(at + "ffn_up", FeedForward, Width)).Concat(Affine(at + "ffn_down", Width, FeedForward))) yield return tensor;
    }

    private IEnumerable<(string, int, int)> Norm(string name) => [(name + ".weight", Width, 0), (name + ".bias", Width, 0)];

    private static IEnumerable<(string, int, int)> Affine(string name, int rows, int columns) => [(name + ".weight", rows, columns), (name + ".bias", rows, 0)];
}
