namespace Percheron.Formats;

/// <summary>Rewrites a GGUF file in another precision.</summary>
/// <remarks>Matrices (two dimensions or more) change, token embedding and output included; vectors (norms, biases) become F32, since they cost nothing and matter most.</remarks>
public static class GgufQuantizer
{
    /// <summary>The metadata key of <see cref="FileType"/>.</summary>
    internal const string FileTypeKey = "general.file_type";

    private const string VersionKey = "general.quantization_version";

    /// <summary>Writes <paramref name="output"/> with every matrix stored as <paramref name="type"/>; where 256 does not divide the columns Q8_0 takes its place, where 32 does not, F16.</summary>
    /// <param name="input">The file to read; stays open.</param>
    /// <param name="output">Replaced only when everything is written.</param>
    /// <param name="type">One of the types that can be encoded.</param>
    /// <param name="progress">Told the share of bytes done, 0 to 1, after each tensor.</param>
    /// <returns>The matrices that fell back, in file order.</returns>
    /// <exception cref="NotSupportedException">The type cannot be encoded.</exception>
    /// <exception cref="ModelFormatException">A tensor cannot be decoded, or holds numbers the wanted type cannot (NaN, infinity, beyond ±65504 for types with half-precision parts).</exception>
    public static IReadOnlyList<QuantizationFallback> Quantize(GgufFile input, string output, TensorType type, IProgress<double>? progress = null)
    {
        if (!BlockCodec.CanEncode(type)) throw new NotSupportedException($"{type} weights cannot be encoded");
        GgufWriter writer = new();
        foreach ((string key, GgufValue value) in input.Metadata)
            if (key is not (FileTypeKey or VersionKey)) writer.Add(key, value);
        writer.Add(FileTypeKey, FileType(type));
        writer.Add(VersionKey, 2u);
        List<QuantizationFallback> fallbacks = [];
        long total = Math.Max(1, input.Tensors.Sum(tensor => tensor.ByteLength)), done = 0;
        foreach (TensorInfo tensor in input.Tensors)
        {
            TensorType stored = Choose(tensor, type);
            if (stored != type && IsMatrix(tensor)) fallbacks.Add(new QuantizationFallback(tensor.Name, tensor.Columns, stored));
            writer.AddTensor(tensor.Name, stored, tensor.Dimensions.AsSpan(), stream =>
            {
                if (stored == tensor.Type) Copy(input, tensor, stream);
                else Convert(input, tensor, stored, stream);
                done += tensor.ByteLength;
                progress?.Report((double)done / total);
            });
        }
        writer.Write(output);
        return fallbacks;
    }

    private static bool IsMatrix(TensorInfo tensor) => tensor.Rows > 1;

    /// <summary>The wanted type, or the one that takes its place where its block does not divide the columns.</summary>
    internal static TensorType Fitting(TensorType wanted, long columns)
    {
        if (columns % BlockCodec.BlockSize(wanted) == 0) return wanted;
        return columns % BlockCodec.BlockSize(TensorType.Q8_0) == 0 ? TensorType.Q8_0 : TensorType.F16;
    }

    private static TensorType Choose(TensorInfo tensor, TensorType wanted)
    {
        // Integer tables and the like are not weights.
        if (!BlockCodec.CanDecode(tensor.Type)) return tensor.Type;
        if (!IsMatrix(tensor)) return TensorType.F32;
        return Fitting(wanted, tensor.Columns);
    }

    private static unsafe void Copy(GgufFile input, TensorInfo tensor, Stream stream)
    {
        const int piece = 1 << 24;
        for (long at = 0; at < tensor.ByteLength; at += piece)
            stream.Write(new ReadOnlySpan<byte>(input.Data(tensor) + at, (int)Math.Min(piece, tensor.ByteLength - at)));
    }

    private static void Convert(GgufFile input, TensorInfo tensor, TensorType stored, Stream stream)
    {
        int columns = checked((int)tensor.Columns), rowBytes = checked((int)BlockCodec.RowBytes(stored, columns));
        // Rows are independent: encode a few hundred at a time on all cores, write them in order.
        int rows = (int)Math.Clamp((1L << 22) / columns, 1, 512);
        byte[] encoded = new byte[rows * rowBytes];
        for (long first = 0; first < tensor.Rows; first += rows)
        {
            int count = (int)Math.Min(rows, tensor.Rows - first);
            RunRows(count, row => ConvertRow(input, tensor, first + row, stored, encoded.AsSpan(row * rowBytes, rowBytes)));
            stream.Write(encoded.AsSpan(0, count * rowBytes));
        }
    }

    private static void RunRows(int count, Action<int> convert)
    {
        try
        {
            Parallel.For(0, count, convert);
        }
        catch (AggregateException failures)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failures.InnerExceptions[0]);
        }
    }

    private static void ConvertRow(GgufFile input, TensorInfo tensor, long row, TensorType stored, Span<byte> destination)
    {
        float[] values = System.Buffers.ArrayPool<float>.Shared.Rent((int)tensor.Columns);
        try
        {
            Span<float> weights = values.AsSpan(0, (int)tensor.Columns);
            input.ReadRow(tensor, row, weights);
            RequireRange(input, tensor, row, stored, weights);
            BlockCodec.Encode(stored, weights, destination);
        }
        finally
        {
            System.Buffers.ArrayPool<float>.Shared.Return(values);
        }
    }

    private static void RequireRange(GgufFile input, TensorInfo tensor, long row, TensorType stored, ReadOnlySpan<float> weights)
    {
        if (stored is TensorType.F32 or TensorType.BF16) return;
        foreach (float weight in weights)
        {
            if (!(Math.Abs(weight) <= 65_504))
                throw input.Fault(tensor, $"tensor '{tensor.Name}' holds {weight} in row {row}, which {stored} cannot hold");
        }
    }

    /// <summary>The number other tools know such a file by.</summary>
    internal static uint FileType(TensorType type) => type switch
    {
        TensorType.F32 => 0,
        TensorType.F16 => 1,
        TensorType.Q4_0 => 2,
        TensorType.Q8_0 => 7,
        TensorType.Q4_K => 14,
        TensorType.Q6_K => 18,
        _ => 32,
    };
}
