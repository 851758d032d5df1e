using Percheron.Kernels;

namespace Percheron.Models.Architectures;

/// <summary>
/// Llama 1 to 3, Mistral and SmolLM. Files hold query and key rows in the order of the original checkpoints, so that rotary pairs are adjacent;
/// files whose <c>tensor_data_layout</c> is "Meta AI original pth" hold the same order.
/// </summary>
/// <remarks>Source: Touvron et al. 2023, "LLaMA: Open and Efficient Foundation Language Models", §2.2.</remarks>
internal static class Llama
{
    public static Architecture Definition { get; } = new() { Names = ["llama", "mistral", "smollm"], Rope = RopeLayout.Adjacent };
}
