namespace Percheron.Models.Architectures;

/// <summary>GPT-2: layer norms with biases, learned positions, one matrix for query, key and value, GELU; every projection has a bias.</summary>
/// <remarks>Source: Radford et al. 2019, "Language Models are Unsupervised Multitask Learners", §2.3.</remarks>
internal static class Gpt2
{
    public static Architecture Definition { get; } = new()
    {
        Names = ["gpt2"], Norm = NormKind.Layer, FeedForward = FeedForwardKind.Gelu, QkvBias = true, OtherBias = true,
    };
}
