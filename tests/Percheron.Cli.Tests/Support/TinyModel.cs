using Percheron.Codecs;
using Percheron.Formats;

namespace Percheron.Cli.Tests.Support;

/// <summary>
/// A GGUF file with a llama of random weights and a vocabulary of 36 pieces: enough for every command, and gone when disposed of.
/// </summary>
internal sealed class TinyModel : IDisposable
{
    private const int Layers = 4, Hidden = 64, Heads = 4, KeyHeads = 2, HeadSize = 16, FeedForward = 96;

    public const int Bos = 1, Eos = 2, Context = 128;

    private static readonly string[] Pieces =
        ["<unk>", "<s>", "</s>", "▁", .. "abcdefghijklmnopqrstuvwxyz".Select(c => c.ToString()), "ab", "▁t", "he", "▁the", "ing", ".\n"];

    /// <param name="seed">Of the weights: another seed is another model with the same vocabulary.</param>
    /// <param name="change">Replaces one piece of the vocabulary.</param>
    /// <param name="extra">Pieces beyond the usual ones.</param>
    /// <param name="context">Positions it was trained for.</param>
    /// <param name="path">Where to write it; a temporary file if null.</param>
    /// <param name="vocabulary">Kind of the vocabulary.</param>
    /// <param name="codes">Where codes stand among the further pieces, if it is a model of those.</param>
    public TinyModel(int seed = 1, (int Id, string Piece)? change = null, string[]? extra = null, int context = Context, string? path = null, string vocabulary = "llama", CodeLayout? codes = null)
    {
        Path = path ?? System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"percheron-tiny-{Guid.NewGuid():N}.gguf");
        string[] tokens = [.. Pieces, .. extra ?? []];
        if (change is { } other) tokens[other.Id] = other.Piece;
        GgufWriter writer = new();
        AddMetadata(writer, tokens, context, vocabulary);
        codes?.Write(writer);
        Random random = new(seed);
        AddMatrix(writer, random, "token_embd.weight", tokens.Length, Hidden);
        for (int layer = 0; layer < Layers; layer++) AddLayer(writer, random, $"blk.{layer}.");
        AddOnes(writer, "output_norm.weight");
        AddMatrix(writer, random, "output.weight", tokens.Length, Hidden);
        writer.Write(Path);
    }

    public static int Vocabulary => Pieces.Length;

    public string Path { get; }

    public void Dispose() => File.Delete(Path);

    private static void AddMetadata(GgufWriter writer, string[] tokens, int context, string vocabulary)
    {
        writer.Add("general.architecture", "llama");
        writer.Add("llama.block_count", (uint)Layers);
        writer.Add("llama.context_length", (uint)context);
        writer.Add("llama.embedding_length", (uint)Hidden);
        writer.Add("llama.feed_forward_length", (uint)FeedForward);
        writer.Add("llama.attention.head_count", (uint)Heads);
        writer.Add("llama.attention.head_count_kv", (uint)KeyHeads);
        writer.Add("llama.attention.layer_norm_rms_epsilon", 1e-5f);
        writer.Add("tokenizer.ggml.model", vocabulary);
        writer.Add("tokenizer.ggml.tokens", tokens);
        writer.Add("tokenizer.ggml.scores", tokens.Select((_, id) => (float)id).ToArray());
        writer.Add("tokenizer.ggml.token_type", tokens.Select((_, id) => id switch { 0 => 2, Bos or Eos => 3, _ => tokens[id].StartsWith('<') ? 3 : 1 }).ToArray());
        writer.Add("tokenizer.ggml.bos_token_id", (uint)Bos);
        writer.Add("tokenizer.ggml.eos_token_id", (uint)Eos);
    }

    private static void AddLayer(GgufWriter writer, Random random, string prefix)
    {
        AddOnes(writer, prefix + "attn_norm.weight");
        AddMatrix(writer, random, prefix + "attn_q.weight", Heads * HeadSize, Hidden);
        AddMatrix(writer, random, prefix + "attn_k.weight", KeyHeads * HeadSize, Hidden);
        AddMatrix(writer, random, prefix + "attn_v.weight", KeyHeads * HeadSize, Hidden);
        AddMatrix(writer, random, prefix + "attn_output.weight", Hidden, Heads * HeadSize);
        AddOnes(writer, prefix + "ffn_norm.weight");
        AddMatrix(writer, random, prefix + "ffn_gate.weight", FeedForward, Hidden);
        AddMatrix(writer, random, prefix + "ffn_up.weight", FeedForward, Hidden);
        AddMatrix(writer, random, prefix + "ffn_down.weight", Hidden, FeedForward);
    }

    private static void AddMatrix(GgufWriter writer, Random random, string name, int rows, int columns)
    {
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.Length; i++) values[i] = (float)((random.NextDouble() - 0.5) * 4 / Math.Sqrt(columns));
        writer.AddTensor(name, TensorType.F32, [columns, rows], values.AsMemory());
    }

    private static void AddOnes(GgufWriter writer, string name) =>
        writer.AddTensor(name, TensorType.F32, [Hidden], Enumerable.Repeat(1f, Hidden).ToArray().AsMemory());
}
