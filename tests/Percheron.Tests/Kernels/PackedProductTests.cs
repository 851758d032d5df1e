using Percheron.Formats;
using Percheron.Kernels;
using Xunit;

namespace Percheron.Tests.Kernels;

[Collection(nameof(Levels))]
public unsafe class PackedProductTests
{
    /// <summary>A random stored matrix, its packed form, and quantized activations.</summary>
    private sealed class Case
    {
        public Case(bool bytes, int outputs, int columns, int rows, int seed, ushort[]? scales = null)
        {
            (Outputs, Columns, Rows, IsBytes) = (outputs, columns, rows, bytes);
            var random = new Random(seed);
            float[] weights = [.. Enumerable.Range(0, outputs * columns).Select(_ => (float)(random.NextDouble() - 0.5))];
            float[] inputs = [.. Enumerable.Range(0, rows * columns).Select(_ => (float)(random.NextDouble() - 0.5) * 4)];
            TensorType type = bytes ? TensorType.Q8_0 : TensorType.Q4_0;
            Stored = new byte[outputs * columns / 32 * (bytes ? 34 : 18)];
            BlockCodec.Encode(type, weights, Stored);
            // The extremes of the format: quants of -128 and 127 occur in files others wrote.
            if (bytes) (Stored[2], Stored[3]) = (0x80, 0x7f);
            for (int i = 0; i < scales?.Length; i++) BitConverter.TryWriteBytes(Stored.AsSpan(i * columns / 32 * (bytes ? 34 : 18)), scales[i]);
            Decoded = new float[weights.Length];
            BlockCodec.Decode(type, Stored, Decoded);
            Packed = new byte[bytes ? PackedProduct.BytesQ8_0(outputs, columns) : PackedProduct.BytesQ4_0(outputs, columns)];
            Inputs = new byte[rows * ActivationsQ8.RowBytes(columns)];
            fixed (byte* s = Stored, p = Packed, q = Inputs)
            fixed (float* x = inputs)
            {
                if (bytes) PackedProduct.PackQ8_0(s, outputs, columns, p);
                else PackedProduct.PackQ4_0(s, outputs, columns, p);
                for (int t = 0; t < rows; t++) ActivationsQ8.Quantize(x + (t * columns), columns, q + (t * ActivationsQ8.RowBytes(columns)));
            }
        }

        public int Outputs { get; }

        public int Columns { get; }

        public int Rows { get; }

        public bool IsBytes { get; }

        public byte[] Stored { get; }

        public byte[] Packed { get; }

        public byte[] Inputs { get; }

        public float[] Decoded { get; }

        public float[] Multiply(int first, int n, int from, int to)
        {
            float[] y = new float[n * Outputs];
            Array.Fill(y, float.NaN);
            fixed (byte* p = Packed, x = Inputs)
            fixed (float* target = y)
            {
                byte* rows = x + (first * ActivationsQ8.RowBytes(Columns));
                if (IsBytes) PackedProduct.MultiplyQ8_0(p, rows, n, Columns, from, to, target, Outputs);
                else PackedProduct.MultiplyQ4_0(p, rows, n, Columns, from, to, target, Outputs);
            }
            return y;
        }

        public double Exact(int row, int output)
        {
            double sum = 0;
            ReadOnlySpan<byte> x = Inputs.AsSpan(row * ActivationsQ8.RowBytes(Columns));
            for (int c = 0; c < Columns; c++)
                sum += (double)Decoded[(output * Columns) + c] * (sbyte)x[c] * BitConverter.ToSingle(x[(ActivationsQ8.ScalesAt(Columns) + (c / 32 * 4))..]);
            return sum;
        }
    }

    private static void AssertBits(float expected, float actual) => Assert.Equal(BitConverter.SingleToInt32Bits(expected), BitConverter.SingleToInt32Bits(actual));

    [Theory]
    [InlineData(true, 48, 256)]
    [InlineData(true, 5, 32)]
    [InlineData(true, 23, 96)]
    [InlineData(false, 48, 256)]
    [InlineData(false, 9, 32)]
    [InlineData(false, 23, 96)]
    public void Gives_the_product_of_the_stored_numbers(bool bytes, int outputs, int columns)
    {
        var c = new Case(bytes, outputs, columns, rows: 7, seed: 1);
        float[] y = c.Multiply(0, 7, 0, outputs);
        for (int t = 0; t < 7; t++)
            for (int o = 0; o < outputs; o++) Assert.Equal(c.Exact(t, o), y[(t * outputs) + o], 1e-4);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Neither_rows_nor_shares_nor_instruction_sets_change_a_bit(bool bytes)
    {
        var c = new Case(bytes, outputs: 41, columns: 224, rows: 17, seed: 2);
        float[] all = c.Multiply(0, 17, 0, 41);
        Levels.ForEach(_ =>
        {
            for (int n = 1; n <= 17; n++)
                for (int first = 0; first + n <= 17; first += 5)
                    Compare(all, c.Multiply(first, n, 0, 41), first, n, 0, 41);
            for (int from = 0; from < 41; from += 3)
                for (int to = from + 1; to <= 41; to += 7) Compare(all, c.Multiply(2, 6, from, to), 2, 6, from, to);
        });
    }

    [Theory]
    [InlineData(true, 150, 64)]
    [InlineData(true, 33, 96)]
    [InlineData(false, 150, 64)]
    [InlineData(false, 33, 96)]
    public void Seventy_rows_give_the_bits_of_each_alone(bool bytes, int outputs, int columns)
    {
        var c = new Case(bytes, outputs, columns, rows: 70, seed: 4);
        bool native = InstructionSet.Native;
        InstructionSet.Native = false;
        float[] all;
        try
        {
            all = c.Multiply(0, 70, 0, outputs);
        }
        finally
        {
            InstructionSet.Native = native;
        }
        for (int n = 1; n <= 70; n++)
            foreach ((int from, int to) in new[] { (0, outputs), (7, outputs - 1), (17, 30), (16, 32) }) Compare(all, c.Multiply(70 - n, n, from, to), 70 - n, n, from, to, outputs);
    }

    [Fact]
    public void Scales_that_are_not_finite_or_not_normal_are_what_the_file_says()
    {
        foreach (bool bytes in new[] { true, false })
        {
            var c = new Case(bytes, outputs: 16, columns: 64, rows: 2, seed: 5, scales: [0x7C00, 0xFC00, 0x0001, 0x8001, 0x03FF, 0x7BFF, 0x8000]);
            Levels.Agree(() => c.Multiply(0, 2, 0, 16));
            Assert.False(float.IsFinite(c.Multiply(0, 2, 0, 16)[0]));
        }
    }

    // Outputs of the share agree with the whole product; the others are not written.
    private static void Compare(float[] all, float[] some, int first, int n, int from, int to, int outputs = 41)
    {
        for (int t = 0; t < n; t++)
            for (int o = 0; o < outputs; o++)
                if (o >= from && o < to) AssertBits(all[((first + t) * outputs) + o], some[(t * outputs) + o]);
                else Assert.True(float.IsNaN(some[(t * outputs) + o]));
    }

    [Fact]
    public void A_row_that_is_not_a_number_reaches_its_outputs_and_no_others()
    {
        var c = new Case(bytes: true, outputs: 16, columns: 64, rows: 3, seed: 3);
        BitConverter.TryWriteBytes(c.Inputs.AsSpan(ActivationsQ8.RowBytes(64) + ActivationsQ8.ScalesAt(64)), float.NaN);
        float[] y = c.Multiply(0, 3, 0, 16);
        Assert.All(Enumerable.Range(0, 16), o => Assert.True(float.IsNaN(y[16 + o]) && float.IsFinite(y[o]) && float.IsFinite(y[32 + o])));
    }
}
