using Percheron.Kernels;
using Xunit;

namespace Percheron.Tests.Kernels;

public sealed unsafe class ActivationsBF16Tests
{
    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(45)]
    [InlineData(64)]
    public void Values_are_the_nearest_bfloat16_as_floats_and_as_pairs_and_zeros_follow(int columns)
    {
        Random random = new(columns);
        float[] x = [.. Enumerable.Range(0, columns).Select(_ => (float)((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-12, 30))))];
        using Block row = new(ActivationsBF16.RowBytes(columns));
        fixed (float* source = x) ActivationsBF16.Quantize(source, columns, row.Bytes);
        for (int c = 0; c < (columns + 7) / 8 * 8; c++)
        {
            ushort expected = c < columns ? HalfConversion.ToBrain(x[c]) : (ushort)0;
            Assert.Equal(HalfConversion.BrainToSingle(expected), row.Floats[c]);
            Assert.Equal(expected, ((ushort*)(row.Bytes + ActivationsBF16.PairsAt(columns)))[c]);
        }
    }

    [Fact]
    public void Specials_stay_and_what_could_become_subnormal_is_zero()
    {
        float tiny = MathF.Pow(2, -50);
        float[] x = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.MaxValue, tiny, MathF.BitDecrement(tiny), -tiny / 2, float.Epsilon, BitConverter.Int32BitsToSingle(0x7F800001)];
        using Block row = new(ActivationsBF16.RowBytes(x.Length));
        fixed (float* source = x) ActivationsBF16.Quantize(source, x.Length, row.Bytes);
        float[] expected = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.PositiveInfinity, tiny, 0, 0, 0, float.NaN];
        for (int c = 0; c < x.Length; c++) Assert.Equal(expected[c], row.Floats[c]);
    }

    [Fact]
    public void Parts_give_the_bits_of_the_whole_row()
    {
        const int Columns = 93;
        Random random = new(3);
        float[] x = [.. Enumerable.Range(0, Columns).Select(_ => (float)(random.NextDouble() - 0.5))];
        int bytes = ActivationsBF16.RowBytes(Columns) - 64;
        using Block whole = new(bytes + 64), parts = new(bytes + 64);
        fixed (float* source = x)
        {
            ActivationsBF16.Quantize(source, Columns, whole.Bytes);
            ActivationsBF16.Quantize(source, Columns, 64, Columns, parts.Bytes);
            ActivationsBF16.Quantize(source, Columns, 0, 32, parts.Bytes);
            ActivationsBF16.Quantize(source, Columns, 32, 64, parts.Bytes);
        }
        Assert.Equal(new ReadOnlySpan<byte>(whole.Bytes, bytes), new ReadOnlySpan<byte>(parts.Bytes, bytes));
    }
}
