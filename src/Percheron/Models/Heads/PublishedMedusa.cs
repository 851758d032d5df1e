using Percheron.Formats;

namespace Percheron.Models.Heads;

/// <summary>
/// Medusa heads as their authors publish them: <c>config.json</c> with <c>medusa_num_heads</c> and <c>medusa_num_layers</c>, and <c>medusa_lm_head.safetensors</c> with <c>k.i.linear.weight</c>,
/// <c>k.i.linear.bias</c> and <c>k.layers.weight</c>; names may begin with <c>medusa_head.</c>, as they do beside a whole model.
/// </summary>
/// <remarks>Source: Cai et al. 2024, arXiv 2401.10774, and the checkpoints that came with it.</remarks>
internal static class PublishedMedusa
{
    private const int MostHeads = 64, MostLayers = 16;

    /// <summary>Whether a folder holds such heads.</summary>
    public static bool Is(PublishedFolder folder) => folder.Has("medusa_num_heads");

    /// <summary>Adds everything under our names.</summary>
    public static void Convert(PublishedFolder folder, GgufWriter writer)
    {
        int heads = folder.Integer("medusa_num_heads", 1, MostHeads), layers = folder.Integer("medusa_num_layers", 0, MostLayers, 1);
        SafetensorsFile tensors = folder.Tensors("medusa_lm_head.safetensors", "model.safetensors", "model.safetensors.index.json");
        string prefix = tensors.TryGetTensor($"medusa_head.0.{layers}.weight", out _) ? "medusa_head." : "";
        SafetensorsInfo output = tensors.Tensor($"{prefix}0.{layers}.weight");
        if (output.Columns > int.MaxValue || output.Rows > int.MaxValue) throw tensors.Fault(output, $"tensor '{output.Name}' is larger than any vocabulary");
        writer.Add("general.architecture", "medusa");
        writer.Add("medusa.embedding_length", (uint)output.Columns);
        writer.Add("medusa.vocab_size", (uint)output.Rows);
        writer.Add("medusa.head_count", (uint)heads);
        writer.Add("medusa.block_count", (uint)layers);
        for (int head = 0; head < heads; head++)
        {
            for (int layer = 0; layer < layers; layer++)
            {
                string linear = $"{prefix}{head}.{layer}.linear";
                folder.Copy($"{linear}.weight", writer, $"head.{head}.blk.{layer}.weight");
                if (tensors.TryGetTensor($"{linear}.bias", out _)) folder.Copy($"{linear}.bias", writer, $"head.{head}.blk.{layer}.bias");
            }
            folder.Copy($"{prefix}{head}.{layers}.weight", writer, $"head.{head}.proj.weight");
        }
    }
}
