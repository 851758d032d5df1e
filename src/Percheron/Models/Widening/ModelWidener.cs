using Percheron.Formats;
using Percheron.Models.Architectures;

namespace Percheron.Models.Widening;

/// <summary>
/// Writes a wider model that computes the same function up to rounding: every unit of the residual stream, head and feed-forward neuron becomes several copies, and the weights that
/// leave a unit leave its copies in unequal shares that add up. Norms see the same mean square, heads keep their size, the vocabulary stays. Matrices cost factor² as much.
/// </summary>
/// <remarks>Source: Chen, Goodfellow and Shlens 2016, "Net2Net: Accelerating Learning via Knowledge Transfer", §2.2.</remarks>
public static class ModelWidener
{
    private static readonly string[] Sizes = ["embedding_length", "feed_forward_length", "attention.head_count", "attention.head_count_kv"];

    /// <summary>Widens <paramref name="input"/>.</summary>
    /// <param name="input">The file to read; stays open.</param>
    /// <param name="output">Replaced only when everything is written.</param>
    /// <param name="factor">Copies of each unit, 2 to 64.</param>
    /// <param name="type">Storage of the matrices; null: each as it was. Where its block does not divide the columns, Q8_0 or F16 takes its place.</param>
    /// <param name="progress">Told the share of bytes done, 0 to 1, after each tensor.</param>
    /// <exception cref="ModelFormatException">The architecture is not supported, or a tensor's role is not known.</exception>
    /// <exception cref="NotSupportedException">A matrix is stored in a type that cannot be written, and <paramref name="type"/> names no other.</exception>
    public static void Widen(GgufFile input, string output, int factor, TensorType? type = null, IProgress<double>? progress = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(factor, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(factor, 64);
        TransformerConfig config = new ConfigReader(input).Read(new ModelOptions());
        GgufWriter writer = new();
        AddMetadata(writer, input, config, factor, type);
        long total = Math.Max(1, input.Tensors.Sum(tensor => tensor.ByteLength)), done = 0;
        foreach (TensorInfo tensor in input.Tensors)
        {
            WideningRule rule = WideningRule.Of(input, tensor, config, factor);
            TensorType stored = Choose(tensor, type, rule.Inputs == WideningRule.Columns.Kept ? 1 : factor);
            WidenedRows rows = new(input, tensor, rule, factor, stored);
            writer.AddTensor(tensor.Name, stored, rows.Dimensions, stream =>
            {
                rows.Write(stream);
                done += tensor.ByteLength;
                progress?.Report((double)done / total);
            });
        }
        writer.Write(output);
    }

    private static TensorType Choose(TensorInfo tensor, TensorType? wanted, int factor)
    {
        if (tensor.Dimensions.Length == 1) return TensorType.F32;
        if (!BlockCodec.CanEncode(wanted ?? tensor.Type))
            throw new NotSupportedException($"tensor '{tensor.Name}' is stored as {tensor.Type}, which cannot be written; name another type");
        return GgufQuantizer.Fitting(wanted ?? tensor.Type, tensor.Columns * factor);
    }

    private static void AddMetadata(GgufWriter writer, GgufFile input, TransformerConfig config, int factor, TensorType? type)
    {
        string[] sizes = [.. Sizes.Select(size => $"{config.Architecture}.{size}")];
        foreach ((string key, GgufValue value) in input.Metadata)
        {
            if (sizes.Contains(key)) writer.Add(key, value.TryInteger(out uint size) ? checked(size * (uint)factor) : value);
            else if (key == "general.name" && value.TryString(out string name)) writer.Add(key, $"{name}, widened {factor} times");
            else if (key == GgufQuantizer.FileTypeKey && type is { } wanted) writer.Add(key, GgufQuantizer.FileType(wanted));
            else writer.Add(key, value);
        }
    }
}
