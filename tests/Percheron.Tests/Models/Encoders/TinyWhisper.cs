using System.Text.Json;
using Percheron.Formats;
using Percheron.Models;
using Percheron.Models.Encoders;
using Percheron.Tests.Support;

namespace Percheron.Tests.Models.Encoders;

/// <summary>A small Whisper with random weights, as a checkpoint in the layout of Hugging Face; the folder is deleted when disposed of.</summary>
internal sealed class TinyWhisper : IDisposable
{
    public const int Bands = 10, Hidden = 96, Heads = 3, FeedForward = 128, Vocab = 61, Frames = 64, Context = 48;

    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"percheron-{Guid.NewGuid():N}");
    private readonly Random _random;

    public TinyWhisper(int encoderLayers = 2, int decoderLayers = 2, int seed = 3, bool half = false)
    {
        (_random, EncoderLayers, DecoderLayers) = (new Random(seed), encoderLayers, decoderLayers);
        AddTensors();
        if (half)
            foreach ((_, float[] values) in Tensors.Values)
                for (int i = 0; i < values.Length; i++) values[i] = (float)(Half)values[i];
        Directory.CreateDirectory(_folder);
        SafetensorsWriter.Write(Path.Combine(_folder, "model.safetensors"), Tensors, half);
        WriteConfig([]);
    }

    public string Folder => _folder;

    public int EncoderLayers { get; }

    public int DecoderLayers { get; }

    /// <summary>Everything, by the names of Hugging Face.</summary>
    public Dictionary<string, (int[] Shape, float[] Values)> Tensors { get; } = [];

    /// <summary>Some frames of sound, always the same for a seed: [count, Bands].</summary>
    public static float[] Sound(int count, int seed = 5)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, count * Bands).Select(_ => (float)((2 * random.NextDouble()) - 1))];
    }

    /// <summary>The model; F32 caches and one thread unless said otherwise.</summary>
    public WhisperModel Open(int threads = 1, CacheType cache = CacheType.F32) => WhisperModel.Open(_folder, new ModelOptions { Threads = threads, CacheType = cache });

    /// <summary>Writes the model in our form, in another precision.</summary>
    public string Quantize(TensorType type)
    {
        string path = Path.Combine(_folder, $"{type}.gguf");
        using WhisperModel model = Open();
        GgufQuantizer.Quantize(model.File, path, type);
        return path;
    }

    /// <summary>Describes the model, with some values in place of its own.</summary>
    public void WriteConfig(Dictionary<string, object> others)
    {
        Dictionary<string, object> config = new()
        {
            ["model_type"] = "whisper", ["d_model"] = Hidden, ["encoder_layers"] = EncoderLayers, ["decoder_layers"] = DecoderLayers, ["encoder_attention_heads"] = Heads, ["decoder_attention_heads"] = Heads,
            ["encoder_ffn_dim"] = FeedForward, ["decoder_ffn_dim"] = FeedForward, ["num_mel_bins"] = Bands, ["max_source_positions"] = Frames / 2, ["max_target_positions"] = Context, ["vocab_size"] = Vocab,
            ["activation_function"] = "gelu", ["decoder_start_token_id"] = 5, ["forced_decoder_ids"] = new int[][] { [1, 7], [2, 8] },
        };
        foreach ((string key, object value) in others) config[key] = value;
        File.WriteAllText(Path.Combine(_folder, "config.json"), JsonSerializer.Serialize(config));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void AddTensors()
    {
        Add("model.encoder.conv1.weight", 1, Hidden, Bands, 3);
        Add("model.encoder.conv1.bias", 0.3, Hidden);
        Add("model.encoder.conv2.weight", 1, Hidden, Hidden, 3);
        Add("model.encoder.conv2.bias", 0.3, Hidden);
        Tensors.Add("model.encoder.embed_positions.weight", ([Frames / 2, Hidden], Sinusoids.Of(Frames / 2, Hidden)));
        for (int layer = 0; layer < EncoderLayers; layer++) AddLayer($"model.encoder.layers.{layer}.", cross: false);
        AddNorm("model.encoder.layer_norm");
        Add("model.decoder.embed_tokens.weight", 3, Vocab, Hidden);
        Add("model.decoder.embed_positions.weight", 3, Context, Hidden);
        for (int layer = 0; layer < DecoderLayers; layer++) AddLayer($"model.decoder.layers.{layer}.", cross: true);
        AddNorm("model.decoder.layer_norm");
    }

    private void AddLayer(string prefix, bool cross)
    {
        foreach (string attention in cross ? new[] { "self_attn", "encoder_attn" } : ["self_attn"])
        {
            foreach (string part in new[] { "q_proj", "k_proj", "v_proj", "out_proj" })
            {
                Add($"{prefix}{attention}.{part}.weight", 3, Hidden, Hidden);
                if (part != "k_proj") Add($"{prefix}{attention}.{part}.bias", 0.3, Hidden);
            }
            AddNorm($"{prefix}{attention}_layer_norm");
        }
        Add($"{prefix}fc1.weight", 2, FeedForward, Hidden);
        Add($"{prefix}fc1.bias", 0.3, FeedForward);
        Add($"{prefix}fc2.weight", 2, Hidden, FeedForward);
        Add($"{prefix}fc2.bias", 0.3, Hidden);
        AddNorm($"{prefix}final_layer_norm");
    }

    private void AddNorm(string name)
    {
        Add($"{name}.weight", 0.3, Hidden);
        float[] weight = Tensors[$"{name}.weight"].Values;
        for (int i = 0; i < weight.Length; i++) weight[i] += 1;
        Add($"{name}.bias", 0.3, Hidden);
    }

    private void Add(string name, double spread, params int[] shape)
    {
        float[] values = new float[shape.Aggregate((a, b) => a * b)];
        if (shape.Length > 1) spread /= Math.Sqrt(values.Length / shape[0]);
        for (int i = 0; i < values.Length; i++) values[i] = (float)(spread * ((2 * _random.NextDouble()) - 1));
        Tensors.Add(name, (shape, values));
    }
}
