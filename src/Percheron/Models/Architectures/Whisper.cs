namespace Percheron.Models.Architectures;

/// <summary>
/// Whisper: an encoder and a decoder of layers with biased layer norms before each half and exact GELU; the decoder has learned positions and, between its halves, attention to the encoder's states.
/// Key projections have no bias. The decoder's tensors have the usual names, with <c>blk.N.cross_attn_norm</c>, <c>_q</c>, <c>_k</c>, <c>_v</c> and <c>_output</c>; the encoder's begin with <c>enc.</c>.
/// </summary>
/// <remarks>Source: Radford et al. 2022, "Robust Speech Recognition via Large-Scale Weak Supervision", §2.2.</remarks>
internal static class Whisper
{
    /// <summary>Value of <c>general.architecture</c>; keys of the two halves begin with <c>whisper.encoder</c> and <c>whisper.decoder</c>.</summary>
    public const string Name = "whisper";

    public static Architecture Encoder { get; } = new() { Names = [], Norm = NormKind.Layer, FeedForward = FeedForwardKind.ExactGelu, OtherBias = true, Bidirectional = true, Prefix = "enc." };

    public static Architecture Decoder { get; } = new() { Names = [], Norm = NormKind.Layer, FeedForward = FeedForwardKind.ExactGelu, OtherBias = true, Cross = true };
}
