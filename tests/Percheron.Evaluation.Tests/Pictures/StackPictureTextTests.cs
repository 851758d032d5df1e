using Percheron.Codecs.Images;
using Percheron.Codecs.Networks;
using Percheron.Evaluation.Pictures;
using Percheron.Formats;
using Xunit;

namespace Percheron.Evaluation.Tests.Pictures;

public class StackPictureTextTests
{
    private static readonly LayerPlan Seen = new(StackPictureText.PictureNetwork, new LayerShape(3, 2, 2), ["pool", "linear 2"]), Read = new(StackPictureText.TextNetwork, new LayerShape(1, 1, 4), ["embedding 2 tokens=4", "pool"]);

    [Fact]
    public void The_score_is_the_cosine_of_both_vectors_and_never_negative()
    {
        // A picture is (red, green); the words "green" and "red" are 100 times the other direction each, (0, 1) and (1, 0).
        using SmallNetwork file = new(StackPictureText.Architecture, Weight, w => w.Add(StackPictureText.WordsKey, new[] { "green", "red" }), Seen, Read);
        using StackPictureText score = StackPictureText.Open(file.Path);
        Assert.Equal(100 / Math.Sqrt(2), score.Score(Picture(255, 255), "red"), 4);
        Assert.Equal(100, score.Score(Picture(255, 255), "green red"), 4);
        Assert.Equal(0, score.Score(Picture(255, 0), "green"), 4);
        Assert.Equal(0, score.Score(Picture(255, 255), "something unknown"), 4);
    }

    [Fact]
    public void Words_and_networks_must_fit()
    {
        using SmallNetwork file = new(StackPictureText.Architecture, Weight, w => w.Add(StackPictureText.WordsKey, new[] { "green" }), Seen, Read);
        Assert.Contains("3 words", Assert.Throws<ModelFormatException>(() => StackPictureText.Open(file.Path)).Message, StringComparison.Ordinal);
    }

    private static float Weight(string name, int i) => name switch
    {
        "picture.1.weight" => i is 0 or 4 ? 1 : 0,
        "text.0.weight" => i is 5 or 6 ? 100 : 0,
        _ => 0,
    };

    private static Picture Picture(byte red, byte green)
    {
        Picture picture = new(2, 2);
        for (int i = 0; i < 4; i++) (picture.Pixels[3 * i], picture.Pixels[(3 * i) + 1]) = (red, green);
        return picture;
    }
}
