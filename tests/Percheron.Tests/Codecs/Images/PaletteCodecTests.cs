using Percheron.Codecs.Images;
using Xunit;

namespace Percheron.Tests.Codecs.Images;

public class PaletteCodecTests
{
    [Fact]
    public void Codes_are_pictures_and_back()
    {
        var codec = new PaletteCodec();
        var picture = new Picture(64, 64);
        int[] codes = [.. Enumerable.Range(0, 256)], again = new int[256];
        codec.Decode(codes, picture);
        codec.Encode(picture, again);
        Assert.Equal(codes, again);
    }

    [Fact]
    public void Every_code_is_a_colour_of_its_own()
    {
        var codec = new PaletteCodec();
        float[] vector = new float[3];
        Assert.Equal(256, Enumerable.Range(0, 256).Select(code =>
        {
            codec.ReadVector(code, vector);
            return (vector[0], vector[1], vector[2]);
        }).Distinct().Count());
    }

    [Fact]
    public void A_block_has_the_colour_nearest_to_its_mean()
    {
        var codec = new PaletteCodec(1, 1, 2);
        var picture = new Picture(2, 2);
        for (int i = 0; i < 4; i++) picture[i % 2, i / 2][0] = (byte)(i < 2 ? 255 : 150);
        int[] code = new int[1];
        codec.Encode(picture, code);
        codec.Decode(code, picture);
        // The mean is 202.5; the levels of red are 51 apart.
        Assert.Equal([204, 0, 0], picture[1, 1].ToArray());
    }

    [Fact]
    public void Codes_that_are_not_known_yet_are_grey_below()
    {
        var codec = new PaletteCodec(2, 2, 1);
        var picture = new Picture(2, 2);
        codec.Decode([0, 1, 2], picture);
        Assert.Equal([128, 128, 128], picture[1, 1].ToArray());
        Assert.Equal([0, 0, 0], picture[0, 0].ToArray());
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        var codec = new PaletteCodec(2, 2, 1);
        Assert.Throws<ArgumentException>(() => codec.Encode(new Picture(3, 2), new int[4]));
        Assert.Throws<ArgumentException>(() => codec.Encode(new Picture(2, 2), new int[5]));
        Assert.Throws<ArgumentException>(() => codec.Decode([0, 1, 2, 3, 4], new Picture(2, 2)));
        Assert.Throws<ArgumentException>(() => codec.Decode([256], new Picture(2, 2)));
    }
}
