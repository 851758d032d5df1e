using Percheron.Formats;

namespace Percheron.Models;

/// <summary>Copies the matrices of a model's products in another precision, packed for products. Embeddings, norms and biases stay those of the model, and so do matrices whose rows are no whole blocks.</summary>
internal sealed unsafe class WeightConverter
{
    private const int SliceRows = WeightMatrix.PackedRows;

    private readonly TransformerWeights _weights;
    private readonly TensorType _type;
    private readonly int _threads;
    private readonly Dictionary<WeightMatrix, WeightMatrix> _converted = [];

    /// <param name="weights">The model.</param>
    /// <param name="type">A type with a packed form.</param>
    /// <param name="threads">Threads that convert.</param>
    /// <exception cref="ArgumentException">There is no packed form of the type.</exception>
    public WeightConverter(TransformerWeights weights, TensorType type, int threads)
    {
        if (type is not (TensorType.Q8_0 or TensorType.Q4_0 or TensorType.Q4_K or TensorType.Q6_K or TensorType.BF16))
            throw new ArgumentException($"precision is q8_0, q6_k, q4_k, q4_0 or bf16, not {type.ToString().ToLowerInvariant()}", nameof(type));
        (_weights, _type, _threads) = (weights, type, threads);
    }

    /// <summary>The weights with converted matrices in the output and in the given layers.</summary>
    /// <exception cref="OutOfMemoryException">There is not that much memory.</exception>
    public TransformerWeights Convert(ReadOnlySpan<int> layers)
    {
        LayerWeights[] all = [.. _weights.Layers];
        foreach (int number in layers)
        {
            if ((uint)number >= (uint)all.Length) throw new ArgumentException($"layers of a view ascend within 0…{all.Length - 1}", nameof(layers));
            LayerWeights layer = all[number];
            all[number] = layer with
            {
                Query = Convert(layer.Query), Key = Convert(layer.Key), Value = Convert(layer.Value), Output = Convert(layer.Output),
                Cross = layer.Cross is { } cross ? cross with { Query = Convert(cross.Query), Output = Convert(cross.Output) } : null,
                Gate = layer.Gate is { } gate ? Convert(gate) : null, Up = layer.Up is { } up ? Convert(up) : null, Down = layer.Down is { } down ? Convert(down) : null,
            };
        }
        return _weights with { Layers = all, Output = Convert(_weights.Output), ConvertedFrom = _weights.Family };
    }

    private Projection Convert(Projection projection) => projection with { Matrix = Convert(projection.Matrix) };

    private WeightMatrix Convert(WeightMatrix matrix)
    {
        if (matrix.Type == _type || matrix.Inputs % BlockCodec.BlockSize(_type) != 0) return matrix;
        if (_converted.TryGetValue(matrix, out WeightMatrix? known)) return known;
        long rowBytes = BlockCodec.RowBytes(_type, matrix.Inputs);
        using NativeBuffer stored = new();
        stored.Replace(matrix.Outputs * rowBytes);
        byte* rows = stored.Pointer;
        WeightMatrix copy = new(_type, rows, matrix.Outputs, matrix.Inputs, rowBytes);
        NativeBuffer memory = NativeBuffer.ForStreaming(copy.PackedBytes(copy.Outputs));
        byte* packed = memory.Pointer;
        Parallel.For(0, (matrix.Outputs + SliceRows - 1) / SliceRows, new ParallelOptions { MaxDegreeOfParallelism = _threads }, slice =>
        {
            float[] row = new float[matrix.Inputs];
            int from = slice * SliceRows, to = Math.Min(from + SliceRows, matrix.Outputs);
            for (int output = from; output < to; output++)
            {
                matrix.ReadRow(output, row);
                BlockCodec.Encode(_type, row, new Span<byte>(rows + (output * rowBytes), (int)rowBytes));
            }
            copy.Pack(packed, from, to - from);
        });
        copy.Use(memory, packed);
        return _converted[matrix] = copy;
    }
}
