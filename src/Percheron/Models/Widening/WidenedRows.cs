using System.Buffers;
using System.Numerics.Tensors;
using Percheron.Formats;

namespace Percheron.Models.Widening;

/// <summary>Writes one tensor of a widened model, some rows at a time.</summary>
/// <param name="file">The narrow model.</param>
/// <param name="tensor">A tensor of it.</param>
/// <param name="rule">How it grows.</param>
/// <param name="factor">Copies of each unit.</param>
/// <param name="type">What it is stored as.</param>
internal sealed class WidenedRows(GgufFile file, TensorInfo tensor, WideningRule rule, int factor, TensorType type)
{
    private const long ValuesAtATime = 1 << 22;

    // A vector has outputs only; it is one row here, whose values move as the rows of a matrix do.
    private readonly bool _vector = tensor.Dimensions.Length == 1;

    /// <summary>Columns first.</summary>
    public long[] Dimensions => _vector ? [Outputs] : [Inputs, Outputs];

    private long Narrow => _vector ? tensor.Columns : tensor.Rows;

    private long Outputs => rule.Parts is null ? Narrow : Narrow * factor;

    private long Inputs => rule.Inputs == WideningRule.Columns.Kept ? tensor.Columns : tensor.Columns * factor;

    /// <summary>Writes all rows in order.</summary>
    public void Write(Stream stream)
    {
        if (_vector) WriteVector(stream);
        else WriteMatrix(stream);
    }

    private void WriteVector(Stream stream)
    {
        float[] values = file.ReadFloats(tensor), wide = new float[Outputs];
        for (int i = 0; i < wide.Length; i++) wide[i] = values[Source(i)] * rule.Scale;
        byte[] encoded = new byte[BlockCodec.RowBytes(type, wide.Length)];
        BlockCodec.Encode(type, wide, encoded);
        stream.Write(encoded);
    }

    private void WriteMatrix(Stream stream)
    {
        int rowBytes = checked((int)BlockCodec.RowBytes(type, Inputs)), rows = (int)Math.Clamp(ValuesAtATime / Inputs, 1, 512);
        byte[] encoded = new byte[rows * rowBytes];
        for (long first = 0; first < Outputs; first += rows)
        {
            int count = (int)Math.Min(rows, Outputs - first);
            Parallel.For(0, count, row => WriteRow(first + row, encoded.AsSpan(row * rowBytes, rowBytes)));
            stream.Write(encoded, 0, count * rowBytes);
        }
    }

    private void WriteRow(long row, Span<byte> destination)
    {
        int columns = (int)tensor.Columns;
        float[] rented = ArrayPool<float>.Shared.Rent(columns + (int)Inputs);
        Span<float> narrow = rented.AsSpan(0, columns), wide = rented.AsSpan(columns, (int)Inputs);
        file.ReadRow(tensor, Source(row), narrow);
        switch (rule.Inputs)
        {
            case WideningRule.Columns.Split:
                int piece = columns / rule.Pieces;
                for (int i = 0; i < rule.Pieces; i++)
                    Shares.Split(narrow.Slice(i * piece, piece), wide.Slice(i * piece * factor, piece * factor), factor, Shares.Mix((ulong)(tensor.Offset + i)) + (ulong)row);
                break;
            default:
                for (int at = 0; at < wide.Length; at += columns) narrow.CopyTo(wide[at..]);
                break;
        }
        if (rule.Scale != 1) TensorPrimitives.Multiply(wide, rule.Scale, wide);
        BlockCodec.Encode(type, wide, destination);
        ArrayPool<float>.Shared.Return(rented);
    }

    // The part that an output lies in has been repeated as a whole.
    private long Source(long output)
    {
        if (rule.Parts is null) return output;
        long start = 0;
        foreach (int part in rule.Parts)
        {
            long end = start + part;
            if (output < end * factor) return start + (output - start * factor) % part;
            start = end;
        }
        throw new InvalidOperationException($"output {output} of '{tensor.Name}' lies behind its last part");
    }
}
