using Percheron.Formats;

namespace Percheron.Tests.Models;

/// <summary>Describes a small transformer with random weights and writes it as a GGUF file.</summary>
internal sealed record TinyModel
{
    public string Architecture { get; init; } = "llama";

    public TensorType Type { get; init; } = TensorType.F32;

    public int Layers { get; init; } = 2;

    public int Hidden { get; init; } = 256;

    public int Heads { get; init; } = 4;

    public int KeyHeads { get; init; } = 2;

    public int HeadSize { get; init; } = 64;

    public int FeedForward { get; init; } = 512;

    public int Vocab { get; init; } = 96;

    public int Context { get; init; } = 256;

    public int Seed { get; init; } = 1;

    public bool Fused { get; init; }

    public bool QkvBias { get; init; }

    public bool OtherBias { get; init; }

    public bool QkNorm { get; init; }

    public bool Tied { get; init; }

    public bool Gelu { get; init; }

    public bool LayerNorm { get; init; }

    public bool LearnedPositions { get; init; }

    /// <summary>Metadata beyond the sizes; keys without the architecture's prefix.</summary>
    public (string Key, GgufValue Value)[] Metadata { get; init; } = [];

    /// <summary>Vectors beyond the layers', F32.</summary>
    public (string Name, float[] Values)[] Vectors { get; init; } = [];

    /// <summary>Tensors and keys to leave out, for tests of the error.</summary>
    public string[] Without { get; init; } = [];

    public static TinyModel Llama { get; } = new();

    public static TinyModel Qwen2 { get; } = new() { Architecture = "qwen2", QkvBias = true, Tied = true };

    public static TinyModel Qwen3 { get; } = new() { Architecture = "qwen3", QkNorm = true, Heads = 4, HeadSize = 128, Tied = true };

    public static TinyModel Phi3 { get; } = new() { Architecture = "phi3", Fused = true };

    public static TinyModel Gpt2 { get; } = new()
    {
        Architecture = "gpt2", Fused = true, QkvBias = true, OtherBias = true, KeyHeads = 4, Gelu = true, LayerNorm = true, LearnedPositions = true,
    };

    public static TinyModel Of(string architecture) => architecture switch
    {
        "llama" => Llama, "qwen2" => Qwen2, "qwen3" => Qwen3, "phi3" => Phi3, "gpt2" => Gpt2,
        _ => throw new ArgumentOutOfRangeException(nameof(architecture)),
    };

    /// <summary>Writes the model to a temporary file, which the result deletes.</summary>
    public TinyFile Build()
    {
        GgufWriter writer = new();
        AddMetadata(writer);
        Random random = new(Seed);
        AddMatrix(writer, random, "token_embd", Vocab, Hidden, bias: false);
        if (LearnedPositions) AddMatrix(writer, random, "position_embd", Context, Hidden, bias: false);
        for (int layer = 0; layer < Layers; layer++) AddLayer(writer, random, $"blk.{layer}.");
        AddNorm(writer, random, "output_norm", Hidden, LayerNorm);
        if (!Tied) AddMatrix(writer, random, "output", Vocab, Hidden, bias: false);
        foreach ((string name, float[] values) in Vectors) writer.AddTensor(name, TensorType.F32, [values.Length], values.AsMemory());
        return TinyFile.Write(writer);
    }

    private void AddMetadata(GgufWriter writer)
    {
        writer.Add("general.architecture", Architecture);
        Add("block_count", Layers);
        Add("context_length", Context);
        Add("embedding_length", Hidden);
        Add("feed_forward_length", FeedForward);
        Add("attention.head_count", Heads);
        Add("attention.head_count_kv", KeyHeads);
        if (HeadSize * Heads != Hidden)
        {
            Add("attention.key_length", HeadSize);
            Add("attention.value_length", HeadSize);
        }
        string epsilon = LayerNorm ? "attention.layer_norm_epsilon" : "attention.layer_norm_rms_epsilon";
        if (!Without.Contains(epsilon)) writer.Add($"{Architecture}.{epsilon}", 1e-5f);
        foreach ((string key, GgufValue value) in Metadata) writer.Add($"{Architecture}.{key}", value);

        void Add(string key, int value)
        {
            if (!Without.Contains(key)) writer.Add($"{Architecture}.{key}", (uint)value);
        }
    }

    private void AddLayer(GgufWriter writer, Random random, string prefix)
    {
        int query = Heads * HeadSize, key = KeyHeads * HeadSize;
        AddNorm(writer, random, prefix + "attn_norm", Hidden, LayerNorm);
        if (Fused)
        {
            AddMatrix(writer, random, prefix + "attn_qkv", query + 2 * key, Hidden, QkvBias);
        }
        else
        {
            AddMatrix(writer, random, prefix + "attn_q", query, Hidden, QkvBias);
            AddMatrix(writer, random, prefix + "attn_k", key, Hidden, QkvBias);
            AddMatrix(writer, random, prefix + "attn_v", key, Hidden, QkvBias);
        }
        if (QkNorm)
        {
            AddNorm(writer, random, prefix + "attn_q_norm", HeadSize, bias: false);
            AddNorm(writer, random, prefix + "attn_k_norm", HeadSize, bias: false);
        }
        AddMatrix(writer, random, prefix + "attn_output", Hidden, query, OtherBias);
        AddNorm(writer, random, prefix + "ffn_norm", Hidden, LayerNorm);
        if (!Gelu && !Fused) AddMatrix(writer, random, prefix + "ffn_gate", FeedForward, Hidden, OtherBias);
        AddMatrix(writer, random, prefix + "ffn_up", Fused && !Gelu ? 2 * FeedForward : FeedForward, Hidden, OtherBias);
        AddMatrix(writer, random, prefix + "ffn_down", Hidden, FeedForward, OtherBias);
    }

    private void AddMatrix(GgufWriter writer, Random random, string name, int rows, int columns, bool bias)
    {
        byte[] bytes = RandomBlocks.Create(Type, columns, rows, 1 / Math.Sqrt(columns), random);
        if (!Without.Contains(name + ".weight")) writer.AddTensor(name + ".weight", Type, [columns, rows], bytes.AsMemory());
        if (bias && !Without.Contains(name + ".bias")) AddVector(writer, name + ".bias", rows, 0, 0.3, random);
    }

    private static void AddNorm(GgufWriter writer, Random random, string name, int size, bool bias)
    {
        AddVector(writer, name + ".weight", size, 1, 0.3, random);
        if (bias) AddVector(writer, name + ".bias", size, 0, 0.3, random);
    }

    private static void AddVector(GgufWriter writer, string name, int size, double mean, double spread, Random random)
    {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) values[i] = (float)(mean + spread * (2 * random.NextDouble() - 1));
        writer.AddTensor(name, TensorType.F32, [size], values.AsMemory());
    }
}
