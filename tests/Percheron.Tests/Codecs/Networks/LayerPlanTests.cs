using Percheron.Codecs.Networks;
using Percheron.Formats;
using Xunit;

namespace Percheron.Tests.Codecs.Networks;

public class LayerPlanTests
{
    [Fact]
    public void Tensors_are_named_by_their_layer()
    {
        var plan = new LayerPlan("net", new LayerShape(3, 8, 8), ["conv 16 kernel=3 padding=1", "residual", "groupnorm 4", "silu", "conv 16 kernel=1", "end", "flatten", "linear 5"]);
        Assert.Equal(
        [
            ("net.0.weight", 16, 27), ("net.0.bias", 16, 0), ("net.2.weight", 16, 0), ("net.2.bias", 16, 0),
            ("net.4.weight", 16, 16), ("net.4.bias", 16, 0), ("net.7.weight", 5, 1024), ("net.7.bias", 5, 0),
        ], plan.Tensors());
        Assert.Equal(new LayerShape(5, 1, 1), plan.Output);
    }

    [Fact]
    public void A_file_gives_back_what_was_written()
    {
        using GgufFile file = LayerFile.Of(new LayerShape(1, 1, 9), "embedding 8 tokens=20", "conv 4 kernel=1x3", "pool");
        LayerPlan plan = LayerPlan.Read(file, "net");
        Assert.Equal(new LayerShape(1, 1, 9), plan.Input);
        Assert.Equal(["embedding 8 tokens=20", "conv 4 kernel=1x3", "pool"], plan.Layers);
        Assert.Contains("missing", Assert.Throws<ModelFormatException>(() => LayerPlan.Read(file, "other")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a residual part has no end", "residual", "relu")]
    [InlineData("no such part is open", "relu", "end")]
    [InlineData("has not its shape", "residual", "conv 4", "end")]
    [InlineData("the first layer", "relu", "embedding 4 tokens=3")]
    [InlineData("not possible", "upsample 64", "upsample 64", "upsample 64")]
    [InlineData("too large", "conv 60000 kernel=3 padding=1", "conv 60000 kernel=1")]
    [InlineData("deep", "residual", "residual", "residual", "residual", "residual", "residual", "residual", "residual", "residual")]
    public void What_cannot_be_is_refused_with_a_reason(string reason, params string[] layers) =>
        Assert.Contains(reason, Assert.Throws<FormatException>(() => new LayerPlan("net", new LayerShape(3, 4, 4), layers)).Message, StringComparison.Ordinal);
}
