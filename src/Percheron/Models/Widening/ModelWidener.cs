using Percheron.Formats;
using Percheron.Models.Architectures;

namespace Percheron.Models.Widening;

/// <summary>
/// Writes a wider model, or the head of a wider model, that computes the same function up to rounding: every unit of the residual stream, head and feed-forward neuron becomes several copies, and the weights that
/// leave a unit leave its copies in unequal shares that add up. Norms see the same mean square, heads keep their size, the vocabulary stays. Matrices cost factor² as much. Hidden states of the wide model are copies of the narrow one's, one behind the other,
/// so that a head widened as often reads them; where the vocabulary projection was the embedding, the wide model has one of its own.
/// </summary>
/// <remarks>Source: Chen, Goodfellow and Shlens 2016, "Net2Net: Accelerating Learning via Knowledge Transfer", §2.2.</remarks>
public static class ModelWidener
{
    private static readonly string[] Sizes = ["embedding_length", "feed_forward_length", "attention.head_count", "attention.head_count_kv"];
    private const string TargetSize = "percheron.target.embedding_length";

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
        WideningSizes sizes = WideningSizes.Of(input);
        GgufWriter writer = new();
        AddMetadata(writer, input, factor, type);
        long total = Math.Max(1, input.Tensors.Sum(tensor => tensor.ByteLength)), done = 0;
        foreach (TensorInfo tensor in input.Tensors) Add(tensor, tensor.Name, WideningRule.Of(input, tensor, sizes));
        // Copies of a column add up in a projection; an embedding's are equal.
        if (Architecture.Known.ContainsKey(input.GetString("general.architecture")) && !input.TryGetTensor("output.weight", out _))
            Add(input.Tensor("token_embd.weight"), "output.weight", new WideningRule(Parts: null, WideningRule.Columns.Repeated, 1f / factor));
        writer.Write(output);

        void Add(TensorInfo tensor, string name, WideningRule rule)
        {
            TensorType stored = Choose(tensor, type, rule.Inputs == WideningRule.Columns.Kept ? 1 : factor);
            WidenedRows rows = new(input, tensor, rule, factor, stored);
            writer.AddTensor(name, stored, rows.Dimensions, stream =>
            {
                rows.Write(stream);
                done += tensor.ByteLength;
                progress?.Report((double)done / total);
            });
        }
    }

    private static TensorType Choose(TensorInfo tensor, TensorType? wanted, int factor)
    {
        if (tensor.Dimensions.Length == 1) return TensorType.F32;
        if (!BlockCodec.CanEncode(wanted ?? tensor.Type))
            throw new NotSupportedException($"tensor '{tensor.Name}' is stored as {tensor.Type}, which cannot be written; name another type");
        return GgufQuantizer.Fitting(wanted ?? tensor.Type, tensor.Columns * factor);
    }

    private static void AddMetadata(GgufWriter writer, GgufFile input, int factor, TensorType? type)
    {
        string architecture = input.GetString("general.architecture");
        string[] sizes = [.. Sizes.Select(size => $"{architecture}.{size}"), TargetSize];
        foreach ((string key, GgufValue value) in input.Metadata)
        {
            if (sizes.Contains(key)) writer.Add(key, value.TryInteger(out uint size) ? checked(size * (uint)factor) : value);
            else if (key == "general.name" && value.TryString(out string name)) writer.Add(key, $"{name}, widened {factor} times");
            else if (key == GgufQuantizer.FileTypeKey && type is { } wanted) writer.Add(key, GgufQuantizer.FileType(wanted));
            else writer.Add(key, value);
        }
    }
}
