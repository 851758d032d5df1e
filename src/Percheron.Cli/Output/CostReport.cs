using System.Text.Json.Serialization;

namespace Percheron.Cli.Output;

/// <summary>What running a model takes.</summary>
/// <param name="WeightBytesPerToken">Weights that one row reads.</param>
/// <param name="CacheBytesPer1KF16">Cache of 1,024 positions in half precision.</param>
/// <param name="CacheBytesPer1KF32">The same in single precision.</param>
/// <param name="ContextLength">Positions the model was trained for.</param>
/// <param name="EstimatedMemoryBytes">Weights, a full half-precision cache (single precision where all matrices are F32), logits of a full tree, activations and the runtime: what is asked for before it is loaded.</param>
internal sealed record CostReport(
    long WeightBytesPerToken,
    [property: JsonPropertyName("cache_bytes_per_1k_f16")] long CacheBytesPer1KF16,
    [property: JsonPropertyName("cache_bytes_per_1k_f32")] long CacheBytesPer1KF32,
    int ContextLength, long EstimatedMemoryBytes);
