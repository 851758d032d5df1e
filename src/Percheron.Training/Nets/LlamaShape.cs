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

    /// <summary>Number of parameters; the head is the embedding and counts once.</summary>
    public long Parameters => (long)Vocab * Width + Width + Layers * (
        2L * Width + 2L * Width * Heads * HeadSize + 2L * Width * KeyHeads * HeadSize + 3L * Width * FeedForward);

    /// <summary>Every parameter by its GGUF name, with its size: [rows, columns] of a matrix, [width, 0] of a norm; in file order.</summary>
    public IEnumerable<(string Name, int Rows, int Columns)> Tensors()
    {
        yield return ("token_embd.weight", Vocab, Width);
        for (int i = 0; i < Layers; i++)
        {
            yield return ($"blk.{i}.attn_norm.weight", Width, 0);
            yield return ($"blk.{i}.attn_q.weight", Heads * HeadSize, Width);
            yield return ($"blk.{i}.attn_k.weight", KeyHeads * HeadSize, Width);
            yield return ($"blk.{i}.attn_v.weight", KeyHeads * HeadSize, Width);
            yield return ($"blk.{i}.attn_output.weight", Width, Heads * HeadSize);
            yield return ($"blk.{i}.ffn_norm.weight", Width, 0);
            yield return ($"blk.{i}.ffn_gate.weight", FeedForward, Width);
            yield return ($"blk.{i}.ffn_up.weight", FeedForward, Width);
            yield return ($"blk.{i}.ffn_down.weight", Width, FeedForward);
        }
        yield return ("output_norm.weight", Width, 0);
    }
}
