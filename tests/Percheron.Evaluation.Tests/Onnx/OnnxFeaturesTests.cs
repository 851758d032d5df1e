using Percheron.Codecs.Images;
using Percheron.Evaluation.Onnx;
using Xunit;

namespace Percheron.Evaluation.Tests.Onnx;

public sealed class OnnxFeaturesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("percheron-onnx-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Features_of_a_network_that_takes_colours_first_are_its_first_output()
    {
        string path = Path.Combine(_folder, "means.onnx");
        File.WriteAllBytes(path, OnnxFile.Of("GlobalAveragePool", 1, [1, 3, 2, 2], 4));
        using OnnxFeatures features = new(path);
        var read = new double[3];
        features.Read(Picture(255, 0, 51), read);
        Assert.Equal([1, -1, -0.6], read, (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal(("means", 3), (features.Name, features.Dimensions));
    }

    [Fact]
    public void Pictures_are_resized_and_colours_may_come_last()
    {
        string path = Path.Combine(_folder, "all.onnx");
        File.WriteAllBytes(path, OnnxFile.Of("Identity", 1, [1, 1, 2, 3], 4));
        using OnnxFeatures features = new(path);
        var read = new double[6];
        features.Read(Picture(255, 0, 51), read);
        Assert.Equal([1, -1, -0.6, 1, -1, -0.6], read, (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void Files_of_something_else_are_refused()
    {
        string damaged = Path.Combine(_folder, "damaged.onnx"), flat = Path.Combine(_folder, "flat.onnx");
        File.WriteAllText(damaged, "nothing");
        File.WriteAllBytes(flat, OnnxFile.Of("Identity", 1, [1, 12], 2));
        Assert.Contains("ONNX Runtime cannot read", Assert.Throws<InvalidDataException>(() => new OnnxFeatures(damaged)).Message, StringComparison.Ordinal);
        Assert.Contains("no picture", Assert.Throws<InvalidDataException>(() => new OnnxFeatures(flat)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Scores_of_pictures_and_texts_are_cosines()
    {
        // Three colours after normalisation, against three ids as they are.
        File.WriteAllBytes(Path.Combine(_folder, "vision_model.onnx"), OnnxFile.Of("GlobalAveragePool", 1, [1, 3, -1, -1], 4));
        File.WriteAllBytes(Path.Combine(_folder, "text_model.onnx"), OnnxFile.Of("Cast", 7, [1, -1], 2, ("to", 1)));
        using OnnxPictureText score = new(_folder, text => text == "red" ? [1, 0, 0] : [0, 0, 1]);
        Picture red = Picture(255, 117, 104);
        Assert.InRange(score.Score(red, "red"), 99.9, 100);
        Assert.InRange(score.Score(red, "blue"), 0, 1);
        Assert.Equal(Path.GetFileName(_folder), score.Name);
    }

    private static Picture Picture(byte red, byte green, byte blue)
    {
        Picture picture = new(4, 4);
        for (int i = 0; i < 16; i++) (picture.Pixels[3 * i], picture.Pixels[(3 * i) + 1], picture.Pixels[(3 * i) + 2]) = (red, green, blue);
        return picture;
    }
}
