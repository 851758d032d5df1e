using Percheron.Kernels;
using Xunit;

namespace Percheron.Tests.Kernels;

/// <summary>All matrix products, with independent decoders of their block layouts.</summary>
public static unsafe class ProductCases
{
    public static TheoryData<ProductCase> All => new(List);

    private static ProductCase[] List =>
    [
        new()
        {
            Name = "F32", Granule = 1, QuantizedBlock = 0, RowBytes = c => 4 * c, Fill = Single,
            Multiply = (w, x, n, c, from, to, y, s) => ProductF32.Multiply(w, (float*)x, n, c, from, to, y, s),
        },
        new()
        {
            Name = "F16", Granule = 1, QuantizedBlock = 0, RowBytes = c => 2 * c, Fill = Half16,
            Multiply = (w, x, n, c, from, to, y, s) => ProductF16.Multiply(w, (float*)x, n, c, from, to, y, s),
        },
        new()
        {
            Name = "BF16", Granule = 1, QuantizedBlock = 1, RowBytes = c => 2 * c, Fill = Brain,
            PackedBytes = ProductBF16.PackedBytes, Pack = ProductBF16.Pack,
            Multiply = ProductBF16.Multiply,
        },
        new()
        {
            Name = "Q8_0", Granule = 32, QuantizedBlock = 32, RowBytes = c => c / 32 * 34, Fill = Q8_0,
            PackedBytes = PackedProduct.BytesQ8_0, Pack = PackedProduct.PackQ8_0, Multiply = PackedProduct.MultiplyQ8_0,
        },
        new()
        {
            Name = "Q4_0", Granule = 32, QuantizedBlock = 32, RowBytes = c => c / 32 * 18, Fill = Q4_0,
            PackedBytes = PackedProduct.BytesQ4_0, Pack = PackedProduct.PackQ4_0, Multiply = PackedProduct.MultiplyQ4_0,
        },
        new()
        {
            Name = "Q4_K", Granule = 256, QuantizedBlock = 256, RowBytes = c => c / 256 * 144, Fill = Q4_K,
            PackedBytes = ProductQ4_K.PackedBytes, Pack = ProductQ4_K.Pack, Multiply = ProductQ4_K.Multiply,
        },
        new()
        {
            Name = "Q6_K", Granule = 256, QuantizedBlock = 256, RowBytes = c => c / 256 * 210, Fill = Q6_K,
            PackedBytes = ProductQ6_K.PackedBytes, Pack = ProductQ6_K.Pack, Multiply = ProductQ6_K.Multiply,
        },
    ];

    private static double[] Single(Random random, int columns, byte[] row) =>
        Each(columns, c =>
        {
            float v = (float)((random.NextDouble() * 2) - 1);
            BitConverter.TryWriteBytes(row.AsSpan(4 * c), v);
            return v;
        });

    private static double[] Half16(Random random, int columns, byte[] row) =>
        Each(columns, c =>
        {
            Half v = (Half)(((random.NextDouble() * 2) - 1) * Math.Pow(10, random.Next(-8, 1)));
            BitConverter.TryWriteBytes(row.AsSpan(2 * c), v);
            return (double)v;
        });

    private static double[] Brain(Random random, int columns, byte[] row) =>
        Each(columns, c =>
        {
            ushort v = HalfConversion.ToBrain((float)((random.NextDouble() * 2) - 1));
            BitConverter.TryWriteBytes(row.AsSpan(2 * c), v);
            return BitConverter.Int32BitsToSingle(v << 16);
        });

    private static double[] Q8_0(Random random, int columns, byte[] row)
    {
        random.NextBytes(row);
        for (int b = 0; b < columns / 32; b++) Scale(random, row, 34 * b);
        return Each(columns, c => Scale(row, 34 * (c / 32)) * (sbyte)row[(34 * (c / 32)) + 2 + (c % 32)]);
    }

    private static double[] Q4_0(Random random, int columns, byte[] row)
    {
        random.NextBytes(row);
        for (int b = 0; b < columns / 32; b++) Scale(random, row, 18 * b);
        return Each(columns, c =>
        {
            int at = 18 * (c / 32), i = c % 32, packed = row[at + 2 + (i % 16)];
            return Scale(row, at) * ((i < 16 ? packed & 15 : packed >> 4) - 8);
        });
    }

    private static double[] Q4_K(Random random, int columns, byte[] row)
    {
        random.NextBytes(row);
        for (int b = 0; b < columns / 256; b++)
        {
            Scale(random, row, 144 * b);
            Scale(random, row, (144 * b) + 2);
        }
        return Each(columns, c =>
        {
            int at = 144 * (c / 256), i = c % 256, sub = i / 32;
            Span<byte> packed = row.AsSpan(at + 4, 12);
            int scale = sub < 4 ? packed[sub] & 63 : (packed[sub + 4] & 15) | (packed[sub - 4] >> 6 << 4);
            int min = sub < 4 ? packed[sub + 4] & 63 : (packed[sub + 4] >> 4) | (packed[sub] >> 6 << 4);
            int pair = row[at + 16 + (i / 64 * 32) + (i % 32)], quant = i % 64 < 32 ? pair & 15 : pair >> 4;
            return (Scale(row, at) * scale * quant) - (Scale(row, at + 2) * min);
        });
    }

    private static double[] Q6_K(Random random, int columns, byte[] row)
    {
        random.NextBytes(row);
        for (int b = 0; b < columns / 256; b++) Scale(random, row, (210 * b) + 208);
        return Each(columns, c =>
        {
            int at = 210 * (c / 256), i = c % 256, half = i / 128, j = i % 128, quarter = j / 32, l = j % 32;
            int low = row[at + (64 * half) + (32 * (quarter % 2)) + l] >> (quarter < 2 ? 0 : 4) & 15;
            int high = (row[at + 128 + (32 * half) + l] >> (2 * quarter)) & 3;
            return Scale(row, at + 208) * (sbyte)row[at + 192 + (i / 16)] * ((low | (high << 4)) - 32);
        });
    }

    private static double[] Each(int columns, Func<int, double> value)
    {
        double[] values = new double[columns];
        for (int c = 0; c < columns; c++) values[c] = value(c);
        return values;
    }

    private static void Scale(Random random, byte[] row, int at) => BitConverter.TryWriteBytes(row.AsSpan(at), (Half)((random.NextDouble() - 0.5) / 16));

    private static double Scale(byte[] row, int at) => (double)BitConverter.ToHalf(row, at);
}
