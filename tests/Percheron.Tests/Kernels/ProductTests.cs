using Percheron.Kernels;
using Xunit;

namespace Percheron.Tests.Kernels;

[Collection(nameof(Levels))]
public sealed unsafe class ProductTests
{
    public static TheoryData<ProductCase> All => ProductCases.All;

    [Theory]
    [MemberData(nameof(All))]
    public void Every_level_gives_the_scalar_bits_and_is_close_to_exact(ProductCase product)
    {
        int[] widths = product.Granule == 1 ? [1, 7, 15, 16, 17, 31, 64, 100, 172] : [product.Granule, 2 * product.Granule, 3 * product.Granule, 7 * product.Granule];
        foreach (int columns in widths)
        {
            const int Outputs = 7, Rows = 7;
            using Operands operands = new(product, columns, Outputs, Rows, seed: columns, misalign: 1);
            float[] y = Levels.Agree(() => operands.Run(Rows, 0, Outputs));
            for (int t = 0; t < Rows; t++)
                for (int o = 0; o < Outputs; o++)
                {
                    (double exact, double magnitude) = operands.Exact(o, t);
                    Assert.Equal(exact, y[(t * Outputs) + o], 3e-7 * magnitude + 1e-12);
                }
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Rows_together_give_the_bits_of_rows_alone(ProductCase product)
    {
        int columns = product.Granule == 1 ? 83 : 3 * product.Granule;
        using Operands operands = new(product, columns, outputs: 6, rows: 40, seed: 2);
        Levels.ForEach(level =>
        {
            float[] alone = Enumerable.Range(0, 40).SelectMany(t => operands.Run(1, 0, 6, firstRow: t)).ToArray();
            foreach (int n in Enumerable.Range(1, 17).Append(40))
                Bits.Equal(alone.AsSpan(0, n * 6), operands.Run(n, 0, 6), $"{level}, {n} rows");
        });
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Seventy_rows_over_several_groups_of_outputs_give_the_bits_of_each_alone(ProductCase product)
    {
        const int Outputs = 83, Rows = 70;
        int columns = product.Granule == 1 ? 44 : product.Granule;
        using Operands operands = new(product, columns, Outputs, Rows, seed: 7);
        float[] alone = Enumerable.Range(0, Rows).SelectMany(t => operands.Run(1, 0, Outputs, firstRow: t)).ToArray();
        Levels.ForEach(level =>
        {
            foreach (int n in new[] { 11, 12, 13, 23, 24, 25, 36, 37, 48, 49, Rows }) Bits.Equal(alone.AsSpan(0, n * Outputs), operands.Run(n, 0, Outputs), $"{level}, {n} rows");
        });
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Any_split_of_the_outputs_gives_the_same_bits_and_writes_nothing_else(ProductCase product)
    {
        const int Outputs = 7, Rows = 5;
        int columns = product.Granule == 1 ? 50 : 2 * product.Granule;
        using Operands operands = new(product, columns, Outputs, Rows, seed: 3, misalign: 2);
        Levels.ForEach(level =>
        {
            float[] whole = operands.Run(Rows, 0, Outputs);
            for (int from = 0; from <= Outputs; from++)
                for (int to = from; to <= Outputs; to++)
                {
                    float[] part = operands.Run(Rows, from, to);
                    for (int i = 0; i < part.Length; i++)
                    {
                        bool inside = i % Outputs >= from && i % Outputs < to;
                        Assert.Equal(inside ? BitConverter.SingleToInt32Bits(whole[i]) : unchecked((int)0xA5A5A5A5), BitConverter.SingleToInt32Bits(part[i]));
                    }
                }
        });
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Any_number_of_threads_gives_the_same_bits(ProductCase product)
    {
        const int Outputs = 23, Rows = 6;
        int columns = product.Granule == 1 ? 75 : 2 * product.Granule;
        using Operands operands = new(product, columns, Outputs, Rows, seed: 6);
        float[] alone = operands.Run(Rows, 0, Outputs);
        foreach (int threads in new[] { 2, 3, 7 })
        {
            using ThreadTeam team = new(threads);
            using Block y = new(Rows * Outputs * sizeof(float));
            team.Run(new Split(product, operands, Rows, columns, Outputs, y));
            Bits.Equal(alone, y.ToArray(Rows * Outputs), $"{threads} threads");
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_bad_activation_spoils_its_row_only(ProductCase product)
    {
        int columns = product.Granule == 1 ? 40 : product.Granule;
        foreach (float bad in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
        {
            using Operands operands = new(product, columns, outputs: 3, rows: 3, seed: 4, bad: bad);
            Levels.ForEach(_ =>
            {
                float[] y = operands.Run(3, 0, 3);
                Assert.All(y[..3].Concat(y[6..]), v => Assert.True(float.IsFinite(v)));
                Assert.All(y[3..6], v => Assert.False(float.IsFinite(v)));
            });
        }
    }

    [Fact]
    public void Decoded_rows_give_the_bits_of_stored_floats()
    {
        const int Columns = 45, Outputs = 5, Rows = 6;
        ProductCase product = ProductCases.All.Select(row => row.Data).First(p => p.Name == "F32");
        using Operands operands = new(product, Columns, Outputs, Rows, seed: 5);
        using Block scratch = new(2 * Columns * sizeof(float));
        using Block y = new(Rows * Outputs * sizeof(float));
        Levels.ForEach(level =>
        {
            ProductDecoded.Multiply(&Copy, operands.Weights, Columns * sizeof(float), (float*)operands.Inputs, Rows, Columns, 0, Outputs, y.Floats, Outputs, scratch.Floats);
            Bits.Equal(operands.Run(Rows, 0, Outputs), y.ToArray(Rows * Outputs), level);
        });
    }

    private static void Copy(byte* row, int columns, float* target) => Buffer.MemoryCopy(row, target, columns * sizeof(float), columns * sizeof(float));

    private sealed class Split(ProductCase product, Operands operands, int rows, int columns, int outputs, Block y) : IWork
    {
        public void Execute(int part, int parts, int thread) => product.Multiply(
            operands.Weights, operands.Inputs, rows, columns, outputs * part / parts, outputs * (part + 1) / parts, y.Floats, outputs);
    }
}
