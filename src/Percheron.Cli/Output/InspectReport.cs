using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Percheron.Cli.Output;

/// <summary>What <c>inspect</c> tells about a model file.</summary>
/// <param name="File">As it was named.</param>
/// <param name="Format"><c>gguf</c> or <c>safetensors</c>.</param>
/// <param name="Version">Version of the format; null where it has none.</param>
/// <param name="Architecture">What kind of model it is; null where the file does not say.</param>
/// <param name="Bytes">Length of the file, or of all its parts.</param>
/// <param name="Parameters">Elements of all tensors.</param>
/// <param name="Metadata">In the order of the file; long arrays are shortened to their count and first elements.</param>
/// <param name="Types">Sizes by storage type, largest first.</param>
/// <param name="Tensors">In the order of the file.</param>
/// <param name="Cost">What running it takes; null where the file does not describe a model that runs here.</param>
internal sealed record InspectReport(
    string File, string Format, int? Version, string? Architecture, long Bytes, long Parameters,
    JsonObject Metadata, IReadOnlyList<TypeReport> Types, IReadOnlyList<TensorReport> Tensors, CostReport? Cost);

/// <summary>One tensor; the shape is outermost first, so a matrix is [rows, columns].</summary>
internal sealed record TensorReport(string Name, string Type, IReadOnlyList<long> Shape, long Bytes);

/// <summary>All tensors stored in one way.</summary>
internal sealed record TypeReport(string Type, int Tensors, long Parameters, long Bytes);

/// <summary>What running a model takes.</summary>
/// <param name="WeightBytesPerToken">Weights that one row reads.</param>
/// <param name="CacheBytesPer1KF16">Cache of 1,024 positions in half precision.</param>
/// <param name="CacheBytesPer1KF32">The same in single precision.</param>
/// <param name="ContextLength">Positions the model was trained for.</param>
/// <param name="EstimatedMemoryBytes">Weights and a full half-precision cache (single precision where all matrices are F32).</param>
internal sealed record CostReport(
    long WeightBytesPerToken,
    [property: JsonPropertyName("cache_bytes_per_1k_f16")] long CacheBytesPer1KF16,
    [property: JsonPropertyName("cache_bytes_per_1k_f32")] long CacheBytesPer1KF32,
    int ContextLength, long EstimatedMemoryBytes);
