using Percheron.Formats;

namespace Percheron.Models.Encoders;

/// <summary>
/// Whisper as it is published on Hugging Face: <c>config.json</c> with <c>model_type</c> "whisper", and safetensors with <c>model.encoder.conv1.weight</c>, <c>model.encoder.layers.N.self_attn.q_proj.weight</c>,
/// <c>model.decoder.layers.N.encoder_attn.…</c> and <c>model.decoder.embed_positions.weight</c>. The vocabulary projection is the embedding.
/// </summary>
/// <remarks>Source: Radford et al. 2022, and the checkpoints that came with it. The names of its metadata in our form stand in <see cref="WhisperModel"/>'s file: <c>whisper.bands</c>,
/// <c>whisper.start_tokens</c>, <c>whisper.encoder.*</c> and <c>whisper.decoder.*</c>.</remarks>
internal static class PublishedWhisper
{
    private const int Largest = 1 << 24, MostLayers = 256;

    private static readonly (string Theirs, string Ours)[] SelfAttention = [("self_attn_layer_norm", "attn_norm"), ("self_attn.q_proj", "attn_q"), ("self_attn.k_proj", "attn_k"), ("self_attn.v_proj", "attn_v"), ("self_attn.out_proj", "attn_output")];
    private static readonly (string Theirs, string Ours)[] CrossAttention = [("encoder_attn_layer_norm", "cross_attn_norm"), ("encoder_attn.q_proj", "cross_attn_q"), ("encoder_attn.k_proj", "cross_attn_k"), ("encoder_attn.v_proj", "cross_attn_v"), ("encoder_attn.out_proj", "cross_attn_output")];
    private static readonly (string Theirs, string Ours)[] FeedForward = [("final_layer_norm", "ffn_norm"), ("fc1", "ffn_up"), ("fc2", "ffn_down")];

    /// <summary>Whether a folder holds such a model.</summary>
    public static bool Is(PublishedFolder folder) => folder.Text("model_type") == "whisper";

    /// <summary>Adds everything under our names.</summary>
    /// <exception cref="ModelFormatException">A value or tensor is missing, or of a kind that is not computed here.</exception>
    public static void Convert(PublishedFolder folder, GgufWriter writer)
    {
        if (folder.Text("activation_function") is { } activation and not "gelu") throw folder.Fault($"'activation_function' is '{activation}'; only 'gelu' is supported");
        if (folder.Flag("scale_embedding")) throw folder.Fault("'scale_embedding' is not supported");
        SafetensorsFile tensors = folder.Tensors("model.safetensors", "model.safetensors.index.json");
        writer.Add("general.architecture", "whisper");
        writer.Add("whisper.bands", (uint)folder.Integer("num_mel_bins", 1, Largest));
        // These hear 30 seconds at a time, whatever there is.
        int states = folder.Integer("max_source_positions", 1, Largest / 2);
        foreach ((string key, int value) in new[] { ("sample_rate", 16_000), ("window", 400), ("hop", 160), ("padded", 2 * states) }) writer.Add($"whisper.audio.{key}", (uint)value);
        writer.Add("whisper.start_tokens", Start(folder));
        AddSizes(folder, writer, "encoder", "max_source_positions");
        AddSizes(folder, writer, "decoder", "max_target_positions");
        Place place = new(folder, tensors, writer);
        place.Add("model.encoder.conv1", "enc.conv1");
        place.Add("model.encoder.conv2", "enc.conv2");
        place.Add("model.encoder.embed_positions", "enc.position_embd");
        place.Add("model.encoder.layer_norm", "enc.output_norm");
        place.Add("model.decoder.embed_tokens", "token_embd");
        place.Add("model.decoder.embed_positions", "position_embd");
        place.Add("model.decoder.layer_norm", "output_norm");
        for (int layer = 0; layer < folder.Integer("encoder_layers", 1, MostLayers); layer++) place.AddLayer($"model.encoder.layers.{layer}.", $"enc.blk.{layer}.", SelfAttention, FeedForward);
        for (int layer = 0; layer < folder.Integer("decoder_layers", 1, MostLayers); layer++) place.AddLayer($"model.decoder.layers.{layer}.", $"blk.{layer}.", SelfAttention, CrossAttention, FeedForward);
    }

    private static void AddSizes(PublishedFolder folder, GgufWriter writer, string half, string positions)
    {
        foreach ((string key, int value) in new[]
        {
            ("block_count", folder.Integer($"{half}_layers", 1, MostLayers)), ("embedding_length", folder.Integer("d_model", 1, Largest)), ("feed_forward_length", folder.Integer($"{half}_ffn_dim", 1, Largest)),
            ("attention.head_count", folder.Integer($"{half}_attention_heads", 1, Largest)), ("context_length", folder.Integer(positions, 1, Largest)),
        }) writer.Add($"whisper.{half}.{key}", (uint)value);
        writer.Add($"whisper.{half}.attention.layer_norm_epsilon", 1e-5f);
    }

    // The first token, then those that the checkpoint wants at the positions behind it.
    private static int[] Start(PublishedFolder folder)
    {
        List<int> start = [folder.Integer("decoder_start_token_id", 0, Largest)];
        foreach ((int position, int token) in folder.Pairs("forced_decoder_ids"))
            if (position == start.Count) start.Add(token);
        return [.. start];
    }

    private readonly record struct Place(PublishedFolder Folder, SafetensorsFile Tensors, GgufWriter Writer)
    {
        public void Add(string theirs, string ours)
        {
            Folder.Copy($"{theirs}.weight", Writer, $"{ours}.weight");
            if (Tensors.TryGetTensor($"{theirs}.bias", out _)) Folder.Copy($"{theirs}.bias", Writer, $"{ours}.bias");
        }

        public void AddLayer(string theirs, string ours, params ReadOnlySpan<(string Theirs, string Ours)[]> parts)
        {
            foreach ((string Theirs, string Ours)[] part in parts)
                foreach ((string their, string our) in part) Add(theirs + their, ours + our);
        }
    }
}
