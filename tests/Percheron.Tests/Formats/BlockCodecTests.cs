using System.Text.Json;
using Percheron.Formats;
using Percheron.Tests.Support;
using Xunit;

namespace Percheron.Tests.Formats;

public class BlockCodecTests
{
    private static readonly TensorType[] Decodable = [.. Enum.GetValues<TensorType>().Where(BlockCodec.CanDecode)];

    public static TheoryData<TensorType> DecodableTypes => [.. Decodable];

    [Fact]
    public void Exactly_the_promised_types_are_supported()
    {
        Assert.Equal(BlockCodec.Decodable.Split(", ").Order(), Decodable.Select(type => type.ToString()).Order());
        Assert.Equal(["BF16", "F16", "F32", "Q4_0", "Q4_K", "Q6_K", "Q8_0"],
            Enum.GetValues<TensorType>().Where(BlockCodec.CanEncode).Select(type => type.ToString()).Order());
        Assert.All(Enum.GetValues<TensorType>(), type => Assert.True(BlockCodec.IsKnown(type)));
        Assert.False(BlockCodec.IsKnown((TensorType)4));
    }

    [Fact]
    public void Stored_blocks_decode_bit_for_bit()
    {
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllBytes(SharedData.Require("golden/block-decoding.json")));
        int types = 0;
        foreach (JsonProperty entry in golden.RootElement.GetProperty("types").EnumerateObject())
        {
            TensorType type = Enum.Parse<TensorType>(entry.Value.GetProperty("tensor_type").GetString()!);
            byte[] stored = Convert.FromHexString(entry.Value.GetProperty("raw_hex").GetString()!);
            float[] expected = [.. entry.Value.GetProperty("values").EnumerateArray().Select(value => value.GetSingle())];
            float[] decoded = new float[expected.Length];
            BlockCodec.Decode(type, stored, decoded);
            Assert.Equal(expected.Select(BitConverter.SingleToInt32Bits), decoded.Select(BitConverter.SingleToInt32Bits));
            types++;
        }
        Assert.Equal(10, types);
    }
}
