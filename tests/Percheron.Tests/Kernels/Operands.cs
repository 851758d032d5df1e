namespace Percheron.Tests.Kernels;

/// <summary>Random operands of a product, stored and decoded.</summary>
public sealed unsafe class Operands : IDisposable
{
    private readonly ProductCase _product;
    private readonly Block _weights, _inputs, _outputs;
    private readonly double[][] _decoded, _read;
    private readonly int _columns, _inputBytes, _outputCount;

    public Operands(ProductCase product, int columns, int outputs, int rows, int seed, int misalign = 0, float? bad = null)
    {
        Random random = new(seed);
        (_product, _columns, _outputCount) = (product, columns, outputs);
        _inputBytes = product.InputBytes(columns);
        int rowBytes = product.RowBytes(columns);
        Block stored = new((long)rowBytes * outputs, misalign);
        _inputs = new Block((long)_inputBytes * rows);
        _outputs = new Block((long)outputs * rows * sizeof(float), 4);
        _decoded = new double[outputs][];
        for (int o = 0; o < outputs; o++)
        {
            byte[] row = new byte[rowBytes];
            _decoded[o] = product.Fill(random, columns, row);
            row.CopyTo(new Span<byte>(stored.Bytes + ((long)o * rowBytes), rowBytes));
        }
        if (product.Pack is { } pack)
        {
            // The pattern of the block shows what packing leaves unwritten.
            _weights = new Block(product.PackedBytes!(outputs, columns), misalign);
            pack(stored.Bytes, outputs, columns, _weights.Bytes);
            stored.Dispose();
        }
        else
        {
            _weights = stored;
        }
        _read = new double[rows][];
        using Block x = new(columns * sizeof(float));
        for (int t = 0; t < rows; t++)
        {
            for (int c = 0; c < columns; c++) x.Floats[c] = (float)((random.NextDouble() * 8) - 4);
            if (bad is { } value && t == 1) x.Floats[columns / 2] = value;
            product.Quantize(x.Floats, columns, _inputs.Bytes + ((long)t * _inputBytes));
            _read[t] = product.Dequantize(x.Floats, columns);
        }
    }

    public byte* Weights => _weights.Bytes;

    public byte* Inputs => _inputs.Bytes;

    /// <summary>The whole output [n, outputs]; what the product did not write holds the pattern of <see cref="Block"/>.</summary>
    public float[] Run(int n, int from, int to, int firstRow = 0)
    {
        int count = n * _outputCount;
        new Span<byte>(_outputs.Bytes, count * sizeof(float)).Fill(0xA5);
        _product.Multiply(Weights, Inputs + ((long)firstRow * _inputBytes), n, _columns, from, to, _outputs.Floats, _outputCount);
        return _outputs.ToArray(count);
    }

    /// <summary>The product in double precision, and the sum of the magnitudes of its terms.</summary>
    public (double Value, double Magnitude) Exact(int o, int t)
    {
        double value = 0, magnitude = 0;
        for (int c = 0; c < _columns; c++)
        {
            value += _decoded[o][c] * _read[t][c];
            magnitude += Math.Abs(_decoded[o][c] * _read[t][c]);
        }
        return (value, magnitude);
    }

    public void Dispose()
    {
        _weights.Dispose();
        _inputs.Dispose();
        _outputs.Dispose();
    }
}
