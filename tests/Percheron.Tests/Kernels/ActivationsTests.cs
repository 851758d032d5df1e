using Percheron.Kernels;
using Xunit;

namespace Percheron.Tests.Kernels;

/// <summary>ActivationsQ8 and ActivationsQ8K.</summary>
[Collection(nameof(Levels))]
public sealed unsafe class ActivationsTests
{
    [Theory]
    [InlineData(32)]
    [InlineData(64)]
    [InlineData(96)]
    [InlineData(2048)]
    public void Blocks_of_32_round_to_nearest_and_have_short_scales(int columns)
    {
        float[] x = Values(columns);
        byte[] q = Agree(x, ActivationsQ8.RowBytes(columns), (p, n, t) => ActivationsQ8.Quantize(p, n, t));
        Assert.Equal(0, q.Length % 8);
        int scalesAt = (columns + 63) & ~63;
        for (int b = 0; b < columns / 32; b++)
        {
            float scale = BitConverter.ToSingle(q, scalesAt + (4 * b));
            float exact = x.Skip(32 * b).Take(32).Max(MathF.Abs) / 127f;
            Assert.Equal((float)(Half)exact, scale);
            for (int c = 32 * b; c < 32 * (b + 1); c++) Assert.Equal(x[c], (sbyte)q[c] * exact, exact * 0.5001);
        }
        for (int c = columns; c < scalesAt; c++) Assert.Equal(0, q[c]);
    }

    [Theory]
    [InlineData(256)]
    [InlineData(1280)]
    public void Blocks_of_256_round_to_nearest_and_carry_sums(int columns)
    {
        float[] x = Values(columns);
        byte[] q = Agree(x, ActivationsQ8K.RowBytes(columns), (p, n, t) => ActivationsQ8K.Quantize(p, n, t));
        Assert.Equal(0, q.Length % 8);
        for (int b = 0; b < columns / 256; b++)
        {
            float scale = BitConverter.ToSingle(q, columns + (columns / 8) + (columns / 16) + (4 * b));
            Assert.Equal(x.Skip(256 * b).Take(256).Max(MathF.Abs) / 127f, scale);
            for (int c = 256 * b; c < 256 * (b + 1); c++) Assert.Equal(x[c], (sbyte)q[c] * scale, scale * 0.5001);
        }
        for (int s = 0; s < columns / 16; s++)
            Assert.Equal(Enumerable.Range(16 * s, 16).Sum(c => (sbyte)q[c]), BitConverter.ToInt16(q, columns + (2 * s)));
        for (int s = 0; s < columns / 32; s++)
            Assert.Equal(Enumerable.Range(32 * s, 32).Sum(c => (sbyte)q[c]), BitConverter.ToInt16(q, columns + (columns / 8) + (2 * s)));
    }

    [Fact]
    public void Short_scales_round_to_nearest_even_over_the_whole_range()
    {
        for (int i = 0; i < 31744; i += 7)
        {
            float value = (float)BitConverter.UInt16BitsToHalf((ushort)(1024 + (i % 29696)));
            foreach (float near in new[] { value, value * 1.0003f, value * 1.00048828125f, MathF.BitIncrement(value) })
                Assert.Equal((float)(Half)near, near >= 65520f ? (float)(Half)near : QuantizationScale.Shortened(near));
        }
        Assert.True(float.IsNaN(QuantizationScale.Shortened(float.NaN)));
        Assert.Equal(0f, QuantizationScale.Shortened(0f));
    }

    [Theory]
    [InlineData(96)]
    [InlineData(256)]
    public unsafe void A_row_quantized_in_parts_is_the_row_quantized_at_once(int columns)
    {
        var random = new Random(5);
        float[] x = [.. Enumerable.Range(0, columns).Select(_ => (float)(random.NextDouble() - 0.5))];
        byte[] whole = new byte[ActivationsQ8.RowBytes(columns)], parts = new byte[whole.Length];
        Array.Fill(parts, (byte)0xEE);
        fixed (float* source = x)
        fixed (byte* a = whole, b = parts)
        {
            ActivationsQ8.Quantize(source, columns, a);
            ActivationsQ8.Quantize(source, columns, 64, columns, b);
            ActivationsQ8.Quantize(source, columns, 0, 32, b);
            ActivationsQ8.Quantize(source, columns, 32, 64, b);
        }
        Assert.Equal(whole, parts);
    }

    [Fact]
    public void Zero_tiny_and_huge_blocks()
    {
        float[] x = new float[128];
        Array.Fill(x, 1e-36f, 32, 32);
        Array.Fill(x, 127f * MathF.ScaleB(1, 120), 64, 32);
        Array.Fill(x, -127f * MathF.ScaleB(1, -100), 96, 32);
        byte[] q = Agree(x, ActivationsQ8.RowBytes(128), (p, n, t) => ActivationsQ8.Quantize(p, n, t));
        Assert.Equal([0f, 0f, MathF.ScaleB(1, 120), MathF.ScaleB(1, -100)], Enumerable.Range(0, 4).Select(b => BitConverter.ToSingle(q, 128 + (4 * b))));
        Assert.All(q[..64], v => Assert.Equal(0, v));
        Assert.All(q[64..96], v => Assert.Equal(127, (sbyte)v));
        Assert.All(q[96..128], v => Assert.Equal(-127, (sbyte)v));
    }

    private delegate void Quantize(float* x, int columns, byte* q);

    private static byte[] Agree(float[] x, int bytes, Quantize quantize)
    {
        byte[]? scalar = null;
        Levels.ForEach(level =>
        {
            // Padding behind the scales is not written, so both copies start from the same pattern.
            using Block source = Block.Of(x, 4), target = new(bytes);
            quantize(source.Floats, x.Length, target.Bytes);
            byte[] q = new ReadOnlySpan<byte>(target.Bytes, bytes).ToArray();
            scalar ??= q;
            Assert.True(scalar.AsSpan().SequenceEqual(q), level);
        });
        return scalar!;
    }

    private static float[] Values(int count)
    {
        Random random = new(count);
        return [.. Enumerable.Range(0, count).Select(_ => (float)((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-2, 2))))];
    }
}
