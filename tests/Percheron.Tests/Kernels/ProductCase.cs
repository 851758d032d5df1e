using Percheron.Kernels;

namespace Percheron.Tests.Kernels;

public unsafe delegate void Multiply(byte* w, byte* x, int n, int columns, int from, int to, float* y, int yStride);

public unsafe delegate void Pack(byte* stored, int outputs, int columns, byte* packed);

/// <summary>A matrix product under test: random stored weights, their decoded values, and the quantizer of its activations.</summary>
public sealed unsafe class ProductCase
{
    public required string Name { get; init; }

    /// <summary>Multiplies packed weights, or stored ones where nothing is packed.</summary>
    public required Multiply Multiply { get; init; }

    /// <summary>(outputs, columns) → bytes of the packed matrix; null where products read the stored rows.</summary>
    public Func<int, int, long>? PackedBytes { get; init; }

    /// <summary>(stored, outputs, columns, packed).</summary>
    public Pack? Pack { get; init; }

    /// <summary>Columns must be a multiple of this.</summary>
    public required int Granule { get; init; }

    /// <summary>Bytes of a weight row for a number of columns.</summary>
    public required Func<int, int> RowBytes { get; init; }

    /// <summary>(random, columns, row bytes) → decoded values: fills a weight row.</summary>
    public required Func<Random, int, byte[], double[]> Fill { get; init; }

    /// <summary>0 for float activations, 1 for such rounded to bfloat16, else the block of the quantizer (32 or 256).</summary>
    public required int QuantizedBlock { get; init; }

    public override string ToString() => Name;

    public int InputBytes(int columns) => QuantizedBlock switch
    {
        0 => columns * sizeof(float),
        1 => ActivationsBF16.RowBytes(columns),
        32 => ActivationsQ8.RowBytes(columns),
        _ => ActivationsQ8K.RowBytes(columns),
    };

    public void Quantize(float* x, int columns, byte* q)
    {
        if (QuantizedBlock == 0) Buffer.MemoryCopy(x, q, columns * sizeof(float), columns * sizeof(float));
        else if (QuantizedBlock == 1) ActivationsBF16.Quantize(x, columns, q);
        else if (QuantizedBlock == 32) ActivationsQ8.Quantize(x, columns, q);
        else ActivationsQ8K.Quantize(x, columns, q);
    }

    /// <summary>What the quantized activation row stands for.</summary>
    public double[] Dequantize(float* x, int columns)
    {
        double[] values = new double[columns];
        for (int c = 0; c < columns; c++) values[c] = QuantizedBlock == 1 ? HalfConversion.BrainToSingle(HalfConversion.ToBrain(x[c])) : x[c];
        for (int b = 0; QuantizedBlock > 1 && b < columns; b += QuantizedBlock)
        {
            float largest = 0;
            for (int c = b; c < b + QuantizedBlock; c++) largest = Math.Max(largest, MathF.Abs(x[c]));
            float inverse = 127f / largest, scale = QuantizedBlock == 32 ? (float)(Half)(largest / 127f) : largest / 127f;
            for (int c = b; c < b + QuantizedBlock; c++) values[c] = Math.Round((double)(x[c] * inverse), MidpointRounding.ToEven) * scale;
        }
        return values;
    }
}
