using Percheron.Decoding;

namespace Percheron.Drafters;

/// <summary>Drafts nothing: plain decoding, one token for each forward of the target.</summary>
[Method(Source = "Plain autoregressive decoding, the measure of all others")]
public sealed class NoneDrafter : Drafter;
