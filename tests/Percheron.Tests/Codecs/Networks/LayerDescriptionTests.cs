using Percheron.Codecs.Networks;
using Xunit;

namespace Percheron.Tests.Codecs.Networks;

public class LayerDescriptionTests
{
    [Theory]
    [InlineData("conv 64 kernel=3 stride=2 padding=1 dilation=2")]
    [InlineData("conv 8 kernel=1x5 padding=0x2")]
    [InlineData("linear 10")]
    [InlineData("embedding 16 tokens=512")]
    [InlineData("groupnorm 8")]
    [InlineData("upsample 1x2")]
    [InlineData("shuffle 2")]
    [InlineData("residual")]
    [InlineData("end")]
    public void What_is_read_is_written_the_same(string text) => Assert.Equal(text, LayerDescription.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("dense 5")]
    [InlineData("0")]
    [InlineData("conv")]
    [InlineData("conv 0")]
    [InlineData("conv 99999999999")]
    [InlineData("conv 5 kernel=0")]
    [InlineData("conv 5 kernel=3x3x3")]
    [InlineData("conv 5 kernel=-1")]
    [InlineData("conv 5 size=3")]
    [InlineData("conv 5 kernel")]
    [InlineData("upsample 1000")]
    [InlineData("embedding 5")]
    [InlineData("relu 5")]
    public void What_is_no_layer_is_refused(string text) => Assert.Throws<FormatException>(() => LayerDescription.Parse(text));

    [Fact]
    public void Shapes_follow()
    {
        Assert.Equal(new LayerShape(8, 3, 32), LayerDescription.Parse("conv 8 kernel=3x4 stride=2 padding=0x1").After(new LayerShape(3, 7, 64)));
        Assert.Equal(new LayerShape(2, 8, 6), LayerDescription.Parse("shuffle 2").After(new LayerShape(8, 4, 3)));
        Assert.Equal(new LayerShape(96, 1, 1), LayerDescription.Parse("flatten").After(new LayerShape(8, 4, 3)));
        Assert.Equal(new LayerShape(8, 1, 1), LayerDescription.Parse("pool").After(new LayerShape(8, 4, 3)));
        Assert.Throws<FormatException>(() => LayerDescription.Parse("conv 8 kernel=5").After(new LayerShape(3, 4, 9)));
        Assert.Throws<FormatException>(() => LayerDescription.Parse("groupnorm 3").After(new LayerShape(8, 4, 3)));
    }
}
