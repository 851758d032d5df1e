using Percheron.Kernels;

namespace Percheron.Models.Architectures;

/// <summary>Qwen 3: no biases; each query and key head is normalized before it is rotated; the head size is given, not derived.</summary>
/// <remarks>Source: Yang et al. 2025, "Qwen3 Technical Report", §2.</remarks>
internal static class Qwen3
{
    public static Architecture Definition { get; } = new() { Names = ["qwen3"], Rope = RopeLayout.Halves, QkNorm = true };
}
