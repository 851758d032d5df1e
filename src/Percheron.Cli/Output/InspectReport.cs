using System.Text.Json.Nodes;

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
