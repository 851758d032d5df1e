using Percheron.Codecs.Images;
using Percheron.Codecs.Networks;
using Percheron.Evaluation.Pictures;
using Percheron.Formats;
using Xunit;

namespace Percheron.Evaluation.Tests.Pictures;

public class StackFeaturesTests
{
    // The mean of each colour over the picture, from −1 to 1.
    private static readonly LayerPlan Means = new(StackFeatures.Network, new LayerShape(3, 2, 2), ["pool", "linear 3"]);

    [Fact]
    public void Features_are_what_the_network_says_of_the_pixels()
    {
        using SmallNetwork file = new(StackFeatures.Architecture, (name, i) => name.EndsWith("weight", StringComparison.Ordinal) && i % 4 == 0 ? 1 : 0, _ => { }, Means);
        using StackFeatures features = StackFeatures.Open(file.Path);
        Picture picture = new(2, 2);
        for (int i = 0; i < 4; i++) (picture.Pixels[3 * i], picture.Pixels[(3 * i) + 2]) = (255, 51);
        var read = new double[3];
        features.Read(picture, read);
        Assert.Equal([1, -1, -0.6], read, (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal(("toy", 3), (features.Name, features.Dimensions));
    }

    [Fact]
    public void Files_of_something_else_are_refused()
    {
        using SmallNetwork other = new("percheron-picture", (_, _) => 0, _ => { }, Means), wide = new(StackFeatures.Architecture, (_, _) => 0, _ => { }, new LayerPlan(StackFeatures.Network, new LayerShape(3, 2, 2), ["linear 3"]));
        Assert.Contains("not 'percheron-picture-features'", Assert.Throws<ModelFormatException>(() => StackFeatures.Open(other.Path)).Message, StringComparison.Ordinal);
        Assert.Contains("one vector", Assert.Throws<ModelFormatException>(() => StackFeatures.Open(wide.Path)).Message, StringComparison.Ordinal);
    }
}
