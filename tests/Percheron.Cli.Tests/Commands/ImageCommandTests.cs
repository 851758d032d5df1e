using System.Text.Json.Nodes;
using Percheron.Cli.Tests.Support;
using Percheron.Codecs.Images;
using Xunit;

namespace Percheron.Cli.Tests.Commands;

public class ImageCommandTests
{
    [Theory]
    [InlineData("suffix", "0.8", "1")]
    [InlineData("model", "1", "2.5")]
    [InlineData("sjd", "1", "2.5")]
    [InlineData("self", "0", "1")]
    [InlineData("self", "1", "2.5")]
    public void The_codes_are_those_of_plain_decoding(string drafter, string temperature, string guidance)
    {
        using TinyPictures pictures = new();
        string file = pictures.At("out.png");
        JsonNode json = Of(
            pictures, "abc", "the", "-md", pictures.Draft, "-o", file, "--seed", "4", "--drafter", drafter, "--temperature", temperature, "--guidance", guidance, "--compare", "--json").Json;
        Assert.True((bool)json["compared"]!["identical"]!);
        Assert.Equal((file, "abc the"), ((string?)json["file"], (string?)json["condition"]));
        int[] codes = Codes(json["run"]!);
        Assert.Equal(TinyPictures.Width * TinyPictures.Height, codes.Length);
        Picture drawn = PngReader.Read(file), expected = new(16, 12);
        new PaletteCodec(TinyPictures.Width, TinyPictures.Height).Decode(codes, expected);
        Assert.Equal(expected.Pixels, drawn.Pixels);
    }

    [Fact]
    public void Each_picture_of_a_grid_is_what_its_seed_gives_alone()
    {
        using TinyPictures pictures = new();
        JsonNode grid = Of(pictures, "abc", "-o", pictures.At("grid.png"), "--seed", "9", "--grid", "3x2", "--json").Json["run"]!;
        JsonArray samples = grid["samples"]!.AsArray();
        Assert.Equal(6, samples.Count);
        Assert.Equal(6, samples.Select(sample => sample!["tokens"]!.ToJsonString()).Distinct().Count());
        foreach (JsonNode? sample in samples)
            Assert.Equal(Codes(sample!), Codes(Of(pictures, "abc", "-o", pictures.At("one.png"), "--seed", sample!["seed"]!.ToJsonString(), "--json").Json["run"]!));
        Picture all = PngReader.Read(pictures.At("grid.png")), one = PngReader.Read(pictures.At("one.png"));
        Assert.True(all.Width >= 3 * one.Width && all.Height >= 2 * one.Height);
    }

    [Fact]
    public void What_is_wrong_is_said_in_one_line()
    {
        using TinyPictures pictures = new();
        using TinyVoices voices = new();
        void Fails(int code, string says, params string[] arguments)
        {
            Run run = Run.Of(["image", .. arguments]);
            Assert.Equal(code, run.Code);
            Assert.Contains(says, run.Error, StringComparison.Ordinal);
            Assert.Single(run.Error.TrimEnd().Split('\n'));
        }
        Fails(1, "no model of pictures", "abc", "-m", voices.Target);
        Fails(1, "no codec at", "abc", "-m", pictures.Target);
        Fails(1, "percheron-scenes-q8_0.gguf", "abc");
        Fails(2, "--grid takes COLUMNSxROWS", "abc", "-m", pictures.Target, "--grid", "0x2");
        Fails(2, "--grid takes COLUMNSxROWS", "abc", "-m", pictures.Target, "--grid", "4");
        Fails(1, "shorten it", new string('a', 120), "-m", pictures.Target, "--codec", "palette");
        Fails(2, "CAPTION must not be empty", " ", "-m", pictures.Target);
    }

    private static Run Of(TinyPictures pictures, params string[] arguments) => Run.Of(["image", .. arguments, "-m", pictures.Target, "--codec", "palette"]);

    private static int[] Codes(JsonNode run) => [.. run["tokens"]!.AsArray().Select(token => (int)token! - TinyPictures.First)];
}
