using Percheron.Formats;

namespace Percheron.Cli.Tests.Support;

/// <summary>A GGUF file with an encoder and decoder of random weights and a vocabulary of the 26 letters: it writes down nonsense, always the same about one recording. Gone when disposed of.</summary>
internal sealed class TinyListener : IDisposable
{
    public const int Bands = 12, States = 40, Context = 24;

    private const int Hidden = 32, Heads = 2, FeedForward = 48;

    private readonly GgufWriter _writer = new();
    private readonly Random _random;

    /// <param name="seed">Of the weights.</param>
    /// <param name="encoder">Whether there is an encoder; else it is an assistant.</param>
    /// <param name="hidden">Width of the encoder's states.</param>
    public TinyListener(int seed = 1, bool encoder = true, int hidden = Hidden)
    {
        _random = new Random(seed);
        string[] tokens = ["<|endoftext|>", .. "abcdefghijklmnopqrstuvwxyz".Select(c => c.ToString())];
        _writer.Add("general.architecture", "whisper");
        foreach ((string key, int value) in new[] { ("audio.sample_rate", 4000), ("audio.window", 100), ("audio.hop", 40), ("audio.padded", 0), ("bands", Bands), ("encoder.embedding_length", hidden) }) _writer.Add($"whisper.{key}", (uint)value);
        AddSizes("decoder", Context);
        _writer.Add("tokenizer.ggml.model", "gpt2");
        _writer.Add("tokenizer.ggml.pre", "gpt-2");
        _writer.Add("tokenizer.ggml.tokens", tokens);
        _writer.Add("tokenizer.ggml.token_type", tokens.Select((_, id) => id == 0 ? 3 : 1).ToArray());
        _writer.Add("tokenizer.ggml.merges", Array.Empty<string>());
        _writer.Add("tokenizer.ggml.bos_token_id", 0u);
        _writer.Add("tokenizer.ggml.eos_token_id", 0u);
        AddMatrix("token_embd.weight", tokens.Length, Hidden, 8);
        AddMatrix("position_embd.weight", Context, Hidden, 8);
        AddLayer("blk.0.", hidden);
        AddNorm("output_norm");
        if (encoder) AddEncoder();
        _writer.Write(Path);
    }

    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"percheron-listener-{Guid.NewGuid():N}.gguf");

    public void Dispose() => File.Delete(Path);

    private void AddEncoder()
    {
        _writer.Add("whisper.encoder.block_count", 1u);
        AddSizes("encoder", States);
        AddAffine("enc.conv1", Hidden, 3 * Bands);
        AddAffine("enc.conv2", Hidden, 3 * Hidden);
        AddLayer("enc.blk.0.", null);
        AddNorm("enc.output_norm");
    }

    private void AddSizes(string half, int context)
    {
        foreach ((string key, int value) in new[] { ("block_count", 1), ("embedding_length", Hidden), ("feed_forward_length", FeedForward), ("attention.head_count", Heads), ("context_length", context) })
            if (half == "decoder" || key is not ("embedding_length" or "block_count")) _writer.Add($"whisper.{half}.{key}", (uint)value);
        _writer.Add($"whisper.{half}.attention.layer_norm_epsilon", 1e-5f);
    }

    private void AddLayer(string at, int? states)
    {
        foreach (string attention in states is null ? new[] { "attn" } : ["attn", "cross_attn"])
        {
            int read = attention == "attn" ? Hidden : states!.Value;
            AddNorm($"{at}{attention}_norm");
            AddAffine($"{at}{attention}_q", Hidden, Hidden);
            AddMatrix($"{at}{attention}_k.weight", Hidden, read, 4);
            AddAffine($"{at}{attention}_v", Hidden, read);
            AddAffine($"{at}{attention}_output", Hidden, Hidden);
        }
        AddNorm(at + "ffn_norm");
        AddAffine(at + "ffn_up", FeedForward, Hidden);
        AddAffine(at + "ffn_down", Hidden, FeedForward);
    }

    private void AddAffine(string name, int rows, int columns)
    {
        AddMatrix(name + ".weight", rows, columns, 4);
        _writer.AddTensor(name + ".bias", TensorType.F32, [rows], new float[rows]);
    }

    private void AddNorm(string name)
    {
        _writer.AddTensor(name + ".weight", TensorType.F32, [Hidden], Enumerable.Repeat(1f, Hidden).ToArray());
        _writer.AddTensor(name + ".bias", TensorType.F32, [Hidden], new float[Hidden]);
    }

    private void AddMatrix(string name, int rows, int columns, double spread) =>
        _writer.AddTensor(name, TensorType.F32, [columns, rows], Enumerable.Range(0, rows * columns).Select(_ => (float)((_random.NextDouble() - 0.5) * spread / Math.Sqrt(columns))).ToArray());
}
