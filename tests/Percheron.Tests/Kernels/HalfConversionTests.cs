using Percheron.Kernels;
using Xunit;

namespace Percheron.Tests.Kernels;

[Collection(nameof(Levels))]
public sealed unsafe class HalfConversionTests
{
    [Fact]
    public void Every_half_widens_exactly_one_by_one_in_spans_and_in_lanes()
    {
        ushort[] all = [.. Enumerable.Range(0, 65536).Select(i => (ushort)i)];
        float[] expected = [.. all.Select(h => (float)BitConverter.UInt16BitsToHalf(h))];
        Bits.Equal(expected, all.Select(HalfConversion.ToSingle).ToArray(), "one by one");
        float[] spans = new float[65535];
        HalfConversion.ToSingle(all.Skip(1).Select(BitConverter.UInt16BitsToHalf).ToArray(), spans);
        Bits.Equal(expected.AsSpan(1), spans, "spans");
        Bits.Equal(expected, Widen<LanesScalar>(all), "scalar");
        Bits.Equal(expected, Widen<Lanes128>(all), "128");
        if (InstructionSet.IsRunnable(InstructionLevel.Avx2)) Bits.Equal(expected, Widen<Lanes256>(all), "256");
        if (InstructionSet.IsRunnable(InstructionLevel.Avx512)) Bits.Equal(expected, Widen<Lanes512>(all), "512");
    }

    [Fact]
    public void Spans_round_to_nearest_even()
    {
        Half[] halves = new Half[5];
        HalfConversion.ToHalf([1f + (1f / 2048), 1f + (3f / 2048), 65519f, 65520f, 2.9e-8f], halves);
        Assert.Equal([(Half)1f, (Half)(1f + (2f / 1024)), (Half)65504f, Half.PositiveInfinity, (Half)0f], halves);
        float[] back = new float[5];
        HalfConversion.ToSingle(halves, back);
        Assert.Equal([1f, 1f + (2f / 1024), 65504f, float.PositiveInfinity, 0f], back);
    }

    [Fact]
    public void Spans_narrow_as_single_values_do()
    {
        Random random = new(9);
        float[] x = new float[500_003];
        for (int i = 0; i < x.Length; i++)
        {
            // Arbitrary bits; halves and their neighbours; the midpoints between halves.
            float half = (float)BitConverter.UInt16BitsToHalf((ushort)random.Next(65536));
            int near = BitConverter.SingleToInt32Bits(half) + random.Next(-2, 3) + (random.Next(2) * 0x1000);
            x[i] = BitConverter.Int32BitsToSingle(i % 4 == 0 ? random.Next(int.MinValue, int.MaxValue) : near);
        }
        Half[] halves = new Half[x.Length];
        HalfConversion.ToHalf(x, halves);
        for (int i = 0; i < x.Length; i++)
        {
            bool same = BitConverter.HalfToInt16Bits((Half)x[i]) == BitConverter.HalfToInt16Bits(halves[i]);
            Assert.True(same || (Half.IsNaN(halves[i]) && float.IsNaN(x[i])), $"{x[i]:R} became {halves[i]}");
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => HalfConversion.ToHalf(x, new Half[3]));
    }

    [Fact]
    public void Brain_floats_round_to_nearest_even_and_keep_specials()
    {
        float[] x = [1f, 1f + (1f / 256), 1f + (3f / 256), -1.004f, float.NaN, float.PositiveInfinity, float.MaxValue, float.Epsilon];
        ushort[] brain = new ushort[x.Length];
        float[] back = new float[x.Length];
        HalfConversion.ToBrain(x, brain);
        HalfConversion.BrainToSingle(brain, back);
        Assert.Equal([1f, 1f, 1f + (4f / 256), -1.0078125f, float.NaN, float.PositiveInfinity, float.PositiveInfinity, 0f], back);
        Assert.Equal(0x7FC0 & 0x7FC0, HalfConversion.ToBrain(BitConverter.Int32BitsToSingle(0x7F800001)) & 0x7FC0);
    }

    private static float[] Widen<TLanes>(ushort[] all)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        float[] y = new float[all.Length];
        fixed (ushort* source = all)
        fixed (float* target = y)
            for (int i = 0; i < all.Length; i += 16) TLanes.Store(TLanes.LoadHalf(source + i), target + i);
        return y;
    }
}
