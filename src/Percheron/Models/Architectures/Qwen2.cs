using Percheron.Kernels;

namespace Percheron.Models.Architectures;

/// <summary>Qwen 1.5 to 2.5: the Llama block with biases on query, key and value.</summary>
/// <remarks>Source: Yang et al. 2024, "Qwen2 Technical Report", §2.2.</remarks>
internal static class Qwen2
{
    public static Architecture Definition { get; } = new() { Names = ["qwen2"], Rope = RopeLayout.Halves, QkvBias = true };
}
