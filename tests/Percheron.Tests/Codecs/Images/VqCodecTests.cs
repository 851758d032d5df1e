using Percheron.Codecs.Images;
using Percheron.Codecs.Networks;
using Percheron.Formats;
using Percheron.Tests.Codecs.Networks;
using Percheron.Tests.Kernels;
using Xunit;

namespace Percheron.Tests.Codecs.Images;

[Collection(nameof(Levels))]
public class VqCodecTests
{
    [Fact]
    public void A_picture_becomes_the_nearest_codes_and_those_a_picture()
    {
        using GgufFile file = File();
        var codec = new VqCodec(file);
        Assert.Equal((2, 2, 6, 8, 8, 4), (codec.Width, codec.Height, codec.Count, codec.PictureWidth, codec.PictureHeight, codec.VectorWidth));
        var picture = new Picture(8, 8);
        new Random(2).NextBytes(picture.Pixels);
        int[] codes = new int[4];
        codec.Encode(picture, codes);

        // Against the network itself.
        float[] vectors = new float[16], vector = new float[4];
        new LayerStack(file, "encoder").Run([.. picture.Pixels.Select(value => (value / 127.5f) - 1)], vectors);
        for (int i = 0; i < 4; i++)
        {
            double Distance(int code)
            {
                codec.ReadVector(code, vector);
                return vector.Select((value, c) => Math.Pow(value - vectors[(4 * i) + c], 2)).Sum();
            }
            Assert.Equal(Enumerable.Range(0, 6).MinBy(Distance), codes[i]);
        }

        var decoded = new Picture(8, 8);
        codec.Decode(codes, decoded);
        var again = new Picture(8, 8);
        codec.Decode(codes, again);
        Assert.Equal(decoded.Pixels, again.Pixels);
        Assert.True(decoded.Pixels.Distinct().Count() > 8);
    }

    [Fact]
    public void The_first_rows_are_seen_before_the_rest_is_known()
    {
        using GgufFile file = File();
        var codec = new VqCodec(file);
        Picture whole = new(8, 8), begun = new(8, 8);
        codec.Decode([1, 2, 3, 4], whole);
        codec.Decode([1, 2], begun);
        // The decoder's kernel is a point: rows do not see each other.
        Assert.Equal(whole.Pixels.AsSpan(0, 96), begun.Pixels.AsSpan(0, 96));
        Assert.NotEqual(whole.Pixels, begun.Pixels);
    }

    [Fact]
    public void The_bits_of_a_picture_are_those_of_any_instruction_set() => Levels.Agree(() =>
    {
        using GgufFile file = File();
        var picture = new Picture(8, 8);
        new VqCodec(file).Decode([0, 3, 5, 2], picture);
        return [.. picture.Pixels.Select(value => (float)value)];
    });

    [Fact]
    public void Files_that_are_no_codec_say_so()
    {
        using GgufFile other = File(architecture: "llama"), narrow = File(width: 3), without = File(width: 0);
        Assert.Contains("not a picture codec", Assert.Throws<ModelFormatException>(() => new VqCodec(other)).Message, StringComparison.Ordinal);
        Assert.Contains("the codebook is not", Assert.Throws<ModelFormatException>(() => new VqCodec(narrow)).Message, StringComparison.Ordinal);
        Assert.Contains("missing", Assert.Throws<ModelFormatException>(() => new VqCodec(without)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        using GgufFile file = File();
        var codec = new VqCodec(file);
        Assert.Throws<ArgumentException>(() => codec.Encode(new Picture(9, 8), new int[4]));
        Assert.Throws<ArgumentException>(() => codec.Decode([6], new Picture(8, 8)));
        Assert.Throws<ArgumentException>(() => codec.Decode([0, 0, 0, 0, 0], new Picture(8, 8)));
    }

    private static GgufFile File(string architecture = VqCodec.Architecture, int width = 4) => LayerFile.Of(
        writer =>
        {
            writer.Add("general.architecture", architecture);
            if (width > 0) writer.AddTensor(VqCodec.Codebook, TensorType.F32, [width, 6], LayerFile.Values(new Random(9), 6 * width));
        },
        (VqCodec.Encoder, new LayerShape(3, 8, 8), ["conv 8 kernel=4 stride=4", "silu", "linear 4"]),
        (VqCodec.Decoder, new LayerShape(4, 2, 2), ["linear 48", "shuffle 4"]));
}
