using Percheron.Formats;

namespace Percheron.Models.Heads;

/// <summary>
/// EAGLE and EAGLE-3 heads as their authors publish them: a llama's <c>config.json</c> and <c>model.safetensors</c> with <c>fc.weight</c>. EAGLE has <c>layers.0.…</c> without <c>input_layernorm</c>;
/// EAGLE-3, with <c>draft_vocab_size</c>, has <c>midlayer.…</c>, <c>norm</c>, <c>lm_head</c> and <c>d2t</c>, how far the target's token of each of its own lies behind it.
/// </summary>
/// <remarks>Source: Li et al., arXiv 2401.15077 and 2503.01840, and the checkpoints that came with them. Rotary pairs are half a head apart there and adjacent here.</remarks>
internal static class PublishedEagle
{
    private const int Largest = 1 << 24, MostLayers = 64;

    /// <summary>Whether a folder holds such a head.</summary>
    public static bool Is(PublishedFolder folder) => folder.Has("hidden_size") && folder.Has("num_attention_heads");

    /// <summary>Adds everything under our names.</summary>
    public static void Convert(PublishedFolder folder, GgufWriter writer)
    {
        SafetensorsFile tensors = folder.Tensors("model.safetensors", "model.safetensors.index.json");
        bool third = folder.Has("draft_vocab_size");
        string kind = third ? "eagle3" : "eagle";
        int layers = folder.Integer("num_hidden_layers", 1, MostLayers, 1), heads = folder.Integer("num_attention_heads", 1, Largest), keyHeads = folder.Integer("num_key_value_heads", 1, Largest, heads);
        int hidden = folder.Integer("hidden_size", 1, Largest), size = folder.Integer("head_dim", 2, Largest, Math.Max(2, hidden / heads));
        if (size % 2 != 0) throw folder.Fault($"heads of {size} cannot be rotated in pairs");
        writer.Add("general.architecture", kind);
        foreach ((string key, int value) in new[]
        {
            ("embedding_length", hidden), ("vocab_size", folder.Integer("vocab_size", 1, int.MaxValue)), ("block_count", layers), ("attention.head_count", heads), ("attention.head_count_kv", keyHeads),
            ("attention.key_length", size), ("attention.value_length", size), ("feed_forward_length", folder.Integer("intermediate_size", 1, Largest)),
            ("context_length", folder.Integer("max_position_embeddings", 1, int.MaxValue, 2048)),
        }) writer.Add($"{kind}.{key}", (uint)value);
        writer.Add($"{kind}.attention.layer_norm_rms_epsilon", folder.Number("rms_norm_eps", 1e-6f));
        AddRope(folder, writer, kind);
        foreach (string part in new[] { "weight", "bias" })
            if (part == "weight" || tensors.TryGetTensor($"fc.{part}", out _)) folder.Copy($"fc.{part}", writer, $"fc.{part}");
        if (tensors.TryGetTensor("embed_tokens.weight", out _)) folder.Copy("embed_tokens.weight", writer, "token_embd.weight");
        string first = third && tensors.TryGetTensor("midlayer.self_attn.q_proj.weight", out _) ? "midlayer" : "layers.0";
        for (int layer = 0; layer < layers; layer++) AddLayer(new(folder, tensors, writer, size), layer == 0 ? first : $"layers.{layer}", layer, third);
        if (third) AddOutput(folder, tensors, writer);
    }

    private readonly record struct Place(PublishedFolder Folder, SafetensorsFile Tensors, GgufWriter Writer, int HeadSize);

    private static void AddLayer(Place place, string theirs, int layer, bool third)
    {
        string ours = $"blk.{layer}";
        bool beside = third && layer == 0;
        Add("input_layernorm", beside ? "enorm" : $"{ours}.attn_norm", needed: beside || layer > 0);
        if (beside) Add("hidden_norm", $"{ours}.attn_norm");
        Add("self_attn.q_proj", $"{ours}.attn_q", turned: true);
        Add("self_attn.k_proj", $"{ours}.attn_k", turned: true);
        Add("self_attn.v_proj", $"{ours}.attn_v");
        Add("self_attn.o_proj", $"{ours}.attn_output");
        Add("post_attention_layernorm", $"{ours}.ffn_norm");
        Add("mlp.gate_proj", $"{ours}.ffn_gate");
        Add("mlp.up_proj", $"{ours}.ffn_up");
        Add("mlp.down_proj", $"{ours}.ffn_down");

        void Add(string name, string our, bool needed = true, bool turned = false)
        {
            foreach (string part in new[] { "weight", "bias" })
            {
                string full = $"{theirs}.{name}.{part}";
                bool there = place.Tensors.TryGetTensor(full, out SafetensorsInfo? tensor);
                if (!there && (part == "bias" || !needed)) continue;
                if (!turned)
                {
                    place.Folder.Copy(full, place.Writer, $"{our}.{part}");
                    continue;
                }
                long rows = tensor is null ? 0 : tensor.Shape.Length == 1 ? tensor.Columns : tensor.Rows;
                if (rows % place.HeadSize != 0) throw place.Tensors.Fault(tensor!, $"tensor '{full}' has {rows} rows, which are no whole heads of {place.HeadSize}");
                int size = place.HeadSize;
                place.Folder.Copy(full, place.Writer, $"{our}.{part}", row => row - (row % size) + (row % 2 * (size / 2)) + (row % size / 2));
            }
        }
    }

    private static void AddOutput(PublishedFolder folder, SafetensorsFile tensors, GgufWriter writer)
    {
        folder.Copy("norm.weight", writer, "output_norm.weight");
        folder.Copy("lm_head.weight", writer, "output.weight");
        if (!tensors.TryGetTensor("d2t", out SafetensorsInfo? map)) return;
        long[] behind = folder.Integers("d2t");
        var known = new int[behind.Length];
        for (int i = 0; i < known.Length; i++)
            known[i] = behind[i] is >= int.MinValue and <= int.MaxValue && i + behind[i] is >= 0 and <= int.MaxValue and var token ? (int)token : throw tensors.Fault(map, $"tensor 'd2t' says {behind[i]} for token {i}, which leads to none");
        writer.Add("eagle3.draft_vocab", known);
    }

    private static void AddRope(PublishedFolder folder, GgufWriter writer, string kind)
    {
        writer.Add($"{kind}.rope.freq_base", folder.Number("rope_theta", 10_000));
        if (!folder.Has("rope_scaling")) return;
        string type = folder.Text("rope_scaling.rope_type") ?? folder.Text("rope_scaling.type") ?? "linear";
        if (type is not ("linear" or "llama3" or "default")) throw folder.Fault($"rope scaling '{type}' is not read from a published head; linear and llama3 are");
        writer.Add($"{kind}.rope.scaling.type", type == "default" ? "none" : type);
        writer.Add($"{kind}.rope.scaling.factor", folder.Number("rope_scaling.factor", 1));
        if (type != "llama3") return;
        writer.Add($"{kind}.rope.scaling.low_freq_factor", folder.Number("rope_scaling.low_freq_factor", 1));
        writer.Add($"{kind}.rope.scaling.high_freq_factor", folder.Number("rope_scaling.high_freq_factor", 4));
        writer.Add($"{kind}.rope.scaling.original_context_length", (uint)folder.Integer("rope_scaling.original_max_position_embeddings", 1, int.MaxValue, 8192));
    }
}
