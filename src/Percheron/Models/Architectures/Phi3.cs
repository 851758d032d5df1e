using Percheron.Kernels;

namespace Percheron.Models.Architectures;

/// <summary>Phi-3 and Phi-4-mini: query, key and value in one matrix, gate and up in another, and long or short rotary factors.</summary>
/// <remarks>Source: Abdin et al. 2024, "Phi-3 Technical Report", §2; Ding et al. 2024, "LongRoPE".</remarks>
internal static class Phi3
{
    public static Architecture Definition { get; } = new() { Names = ["phi3"], Rope = RopeLayout.Halves };
}
