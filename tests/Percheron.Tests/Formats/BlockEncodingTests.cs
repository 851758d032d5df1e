using Percheron.Formats;
using Percheron.Tests.Support;
using Xunit;

namespace Percheron.Tests.Formats;

public class BlockEncodingTests
{
    // Largest error allowed per type, relative to the largest magnitude of the block it lies in.
    public static TheoryData<TensorType, double> Bounds => new()
    {
        { TensorType.F32, 0 }, { TensorType.F16, 1 / 2048d }, { TensorType.BF16, 1 / 256d },
        { TensorType.Q8_0, 1 / 220d }, { TensorType.Q4_0, 1 / 7.5 }, { TensorType.Q4_K, 1 / 9d }, { TensorType.Q6_K, 1 / 40d },
    };

    [Theory]
    [MemberData(nameof(Bounds))]
    public void Errors_stay_within_the_type_s_precision(TensorType type, double bound)
    {
        foreach (float magnitude in new[] { 0.02f, 1f, 300f })
        {
            float[] values = Weights(256 * 40, magnitude);
            float[] decoded = RoundTrip(type, values);
            for (int block = 0; block < values.Length; block += 256)
            {
                float largest = values.Skip(block).Take(256).Max(Math.Abs);
                for (int i = block; i < block + 256; i++) Assert.InRange(Math.Abs(values[i] - decoded[i]), 0, bound * largest);
            }
        }
    }

    [Theory]
    [InlineData(TensorType.F32)]
    [InlineData(TensorType.F16)]
    [InlineData(TensorType.BF16)]
    [InlineData(TensorType.Q8_0)]
    [InlineData(TensorType.Q4_0)]
    public void What_was_decoded_encodes_to_itself(TensorType type)
    {
        float[] once = RoundTrip(type, Weights(256 * 40, 0.1f));
        Assert.Equal(once, RoundTrip(type, once));
    }

    [Theory]
    [InlineData(TensorType.Q4_K, 1e-3f, 1 / 7d)]
    [InlineData(TensorType.Q6_K, 1e-3f, 1 / 25d)]
    [InlineData(TensorType.Q4_K, 1e-5f, 0.6)]
    [InlineData(TensorType.Q6_K, 1e-5f, 0.2)]
    public void Weights_whose_scales_are_subnormal_survive(TensorType type, float magnitude, double bound)
    {
        float[] values = Weights(256 * 40, magnitude);
        float[] decoded = RoundTrip(type, values);
        for (int i = 0; i < values.Length; i++) Assert.InRange(Math.Abs(values[i] - decoded[i]), 0, bound * 2 * magnitude);
    }

    [Theory]
    [InlineData(TensorType.Q4_K)]
    [InlineData(TensorType.Q6_K)]
    public void Encoding_again_loses_almost_nothing(TensorType type)
    {
        float[] values = Weights(256 * 40, 0.1f);
        float[] once = RoundTrip(type, values), twice = RoundTrip(type, once);
        Assert.InRange(Error(once, twice), 0, 0.1 * Error(values, once));
    }

    [Theory]
    [MemberData(nameof(Bounds))]
    public void Zeros_constants_and_lone_outliers_survive(TensorType type, double bound)
    {
        foreach (float constant in new[] { 0f, 0.25f, -0.25f })
        {
            float[] values = new float[256];
            Array.Fill(values, constant);
            Assert.All(RoundTrip(type, values), value => Assert.InRange(value, constant - bound * 0.25, constant + bound * 0.25));
            values[77] = -8;
            Assert.InRange(RoundTrip(type, values)[77], -8 - 8 * bound, -8 + 8 * bound);
        }
    }

    [Theory]
    [InlineData(TensorType.F16)]
    [InlineData(TensorType.BF16)]
    public void Halves_round_to_nearest_even_everywhere(TensorType type)
    {
        float[] values = [.. Enumerable.Range(0, 1 << 16).Select(i => BitConverter.UInt32BitsToSingle((uint)i * 65_537u)), float.NaN, float.PositiveInfinity, -0f, 65_520f, 1e-8f];
        byte[] stored = new byte[2 * values.Length];
        BlockCodec.Encode(type, values, stored);
        for (int i = 0; i < values.Length; i++)
        {
            ushort bits = BitConverter.ToUInt16(stored, 2 * i);
            if (float.IsNaN(values[i])) Assert.True(float.IsNaN(Widen(type, bits)));
            else Assert.Equal(type == TensorType.F16 ? BitConverter.HalfToUInt16Bits((Half)values[i]) : NearestBrainHalf(values[i]), bits);
        }
    }

    [Theory]
    [InlineData(TensorType.F16)]
    [InlineData(TensorType.BF16)]
    public void Every_half_decodes_exactly(TensorType type)
    {
        ushort[] all = [.. Enumerable.Range(0, 1 << 16).Select(i => (ushort)i)];
        float[] decoded = new float[all.Length];
        BlockCodec.Decode(type, System.Runtime.InteropServices.MemoryMarshal.AsBytes(all.AsSpan()), decoded);
        for (int i = 0; i < all.Length; i++)
        {
            float expected = Widen(type, all[i]);
            if (float.IsNaN(expected)) Assert.True(float.IsNaN(decoded[i]));
            else Assert.Equal(BitConverter.SingleToInt32Bits(expected), BitConverter.SingleToInt32Bits(decoded[i]));
        }
    }

    [Theory]
    [InlineData(TensorType.Q8_0, "q8_0")]
    [InlineData(TensorType.Q4_0, "q4_0")]
    public void Files_of_another_writer_are_reproduced_byte_for_byte(TensorType type, string name)
    {
        int compared = 0;
        foreach ((float[] exact, GgufFile other, TensorInfo tensor) in Pairs(type, name))
        {
            byte[] stored = new byte[tensor.ByteLength];
            BlockCodec.Encode(type, exact, stored);
            Assert.True(other.Bytes(tensor).SequenceEqual(stored), tensor.Name);
            compared++;
        }
        Assert.InRange(compared, 10, 1000);
    }

    [Theory]
    [InlineData(TensorType.Q4_K, "q4_k")]
    [InlineData(TensorType.Q6_K, "q6_k")]
    public void Errors_are_no_larger_than_those_of_another_writer(TensorType type, string name)
    {
        double ours = 0, theirs = 0;
        foreach ((float[] exact, GgufFile other, TensorInfo tensor) in Pairs(type, name))
        {
            ours += Error(exact, RoundTrip(type, exact));
            theirs += Error(exact, other.ReadFloats(tensor));
        }
        TestContext.Current.TestOutputHelper!.WriteLine($"{type}: squared error {ours:g6}, other writer {theirs:g6}");
        Assert.InRange(ours, 0.5 * theirs, theirs);
    }

    private static IEnumerable<(float[] Exact, GgufFile Other, TensorInfo Tensor)> Pairs(TensorType type, string name)
    {
        using GgufFile exact = GgufFile.Open(SharedData.Require("golden/llama-f32.gguf"));
        using GgufFile other = GgufFile.Open(SharedData.Require($"golden/llama-{name}.gguf"));
        foreach (TensorInfo tensor in other.Tensors.Where(tensor => tensor.Type == type))
            yield return (exact.ReadFloats(exact.Tensor(tensor.Name)), other, tensor);
    }

    /// <summary>Bell-shaped weights, some blocks shifted so that minima matter.</summary>
    private static float[] Weights(int count, float magnitude)
    {
        Random random = new(7);
        return [.. Enumerable.Range(0, count).Select(i => magnitude * (float)(random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5 + i / 512 % 3 * 0.4))];
    }

    private static float[] RoundTrip(TensorType type, float[] values)
    {
        byte[] stored = new byte[BlockCodec.RowBytes(type, values.Length)];
        BlockCodec.Encode(type, values, stored);
        float[] decoded = new float[values.Length];
        BlockCodec.Decode(type, stored, decoded);
        return decoded;
    }

    private static double Error(float[] a, float[] b) => a.Zip(b, (x, y) => (double)(x - y) * (x - y)).Sum();

    private static float Widen(TensorType type, ushort bits) =>
        type == TensorType.F16 ? (float)BitConverter.UInt16BitsToHalf(bits) : BitConverter.UInt32BitsToSingle((uint)bits << 16);

    private static ushort NearestBrainHalf(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        uint lower = bits >> 16, rest = bits & 0xffff;
        return (ushort)(rest > 0x8000 || rest == 0x8000 && (lower & 1) == 1 ? lower + 1 : lower);
    }
}
