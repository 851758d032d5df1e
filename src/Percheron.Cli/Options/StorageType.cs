using Percheron.Formats;

namespace Percheron.Cli.Options;

/// <summary>Names of the types a file can be written in.</summary>
internal static class StorageType
{
    private static readonly Dictionary<string, TensorType> Types = new()
    {
        ["q8_0"] = TensorType.Q8_0,
        ["q4_0"] = TensorType.Q4_0,
        ["q4_k"] = TensorType.Q4_K,
        ["q6_k"] = TensorType.Q6_K,
        ["f16"] = TensorType.F16,
        ["bf16"] = TensorType.BF16,
        ["f32"] = TensorType.F32,
    };

    public static string Names(string separator) => string.Join(separator, Types.Keys);

    /// <exception cref="Failure">There is no such type.</exception>
    public static TensorType Parse(string name) => Types.TryGetValue(name.ToLowerInvariant(), out TensorType type) ? type : throw Failure.Usage($"--type must be one of {Names(", ")}, not '{name}'.");
}
