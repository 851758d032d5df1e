using Percheron.Codecs.Images;
using Percheron.Evaluation.Scenes;
using Xunit;

namespace Percheron.Evaluation.Tests.Scenes;

public class SceneCheckerTests
{
    private const int Scenes = 800;

    private static readonly SceneGenerator Generator = new(11);

    [Theory]
    [InlineData(false, 0)]
    [InlineData(false, 12)]
    [InlineData(true, 0)]
    [InlineData(true, 6)]
    public void Scenes_are_read_right_also_with_noise_and_blur(bool blur, int noise)
    {
        int right = 0;
        var wrong = new List<string>();
        for (int i = 0; i < Scenes; i++)
        {
            CaptionedScene one = Generator.Train(i);
            Picture picture = Spoil(SceneDrawing.Draw(one.Scene), blur, noise, i);
            SceneFinding finding = SceneChecker.Look(picture);
            bool same = SceneChecker.Problem(finding, one.Caption) is null && finding.Background == one.Scene.Background && finding.Objects.Count == one.Scene.Objects.Count
                && one.Scene.Objects.All(thing => finding.Objects.Any(found => found.Shape == thing.Shape && found.Colour == thing.Colour && found.Size == thing.Size && Math.Abs(found.X - thing.X) < 1 && Math.Abs(found.Y - thing.Y) < 1));
            if (same) right++;
            else wrong.Add($"{one.Text}: {SceneChecker.Problem(finding, one.Caption)}");
        }
        Assert.True(right >= 0.995 * Scenes, $"{right} of {Scenes}; {string.Join("; ", wrong.Take(5))}");
    }

    [Fact]
    public void A_caption_of_another_scene_is_refused()
    {
        for (int i = 0; i < Scenes; i++)
        {
            CaptionedScene one = Generator.Train(i);
            SceneFinding finding = SceneChecker.Look(SceneDrawing.Draw(one.Scene));
            SceneCaption caption = one.Caption;
            SceneThing thing = caption.First;
            Assert.NotNull(SceneChecker.Problem(finding, caption with { First = thing with { Shape = (SceneShape)(((int)thing.Shape + 1 + (i % 4)) % 5) } }));
            Assert.NotNull(SceneChecker.Problem(finding, caption with { First = thing with { Colour = (SceneColour)(((int)thing.Colour + 1 + (i % 6)) % 7) } }));
            if (thing.Size is { } size) Assert.NotNull(SceneChecker.Problem(finding, caption with { First = thing with { Size = 1 - size } }));
            if (caption.Relation is { } relation) Assert.All(Enum.GetValues<SceneRelation>().Where(other => other != relation), other => Assert.NotNull(SceneChecker.Problem(finding, caption with { Relation = other })));
            if (caption.Place is { } place) Assert.NotNull(SceneChecker.Problem(finding, caption with { Place = (ScenePlace)(((int)place + 1 + (i % 8)) % 9) }));
            Assert.NotNull(SceneChecker.Problem(finding, caption with { Background = (SceneBackground)(((int)one.Scene.Background + 1 + (i % 3)) % 4) }));
            Assert.NotNull(SceneChecker.Problem(finding, caption.Second is null ? caption with { Second = thing, Place = null } : caption with { Second = null, Relation = null }));
        }
    }

    [Fact]
    public void Strange_pictures_satisfy_nothing()
    {
        SceneCaption caption = new(new SceneThing(null, SceneColour.Red, SceneShape.Circle));
        var circle = new SceneObject(SceneShape.Circle, SceneColour.Red, 32, 32, 12);
        Picture good = SceneDrawing.Draw(new Scene(SceneBackground.Grey, [circle]));
        Assert.Null(SceneChecker.Problem(good, caption));

        // Half a circle, a circle with a bite, a ring, a speck beside it, another thing on it, a colour between two.
        Assert.NotNull(SceneChecker.Problem(Painted(circle, (x, _) => x < 32 ? null : Grey), caption));
        Assert.NotNull(SceneChecker.Problem(Painted(circle, (x, y) => x > 32 && y > 32 ? Grey : null), caption));
        Assert.NotNull(SceneChecker.Problem(Painted(circle, (x, y) => ((x - 32) * (x - 32)) + ((y - 32) * (y - 32)) < 60 ? Grey : null), caption));
        Assert.NotNull(SceneChecker.Problem(Painted(circle, (x, y) => x is > 2 and < 7 && y is > 2 and < 7 ? Green : null), caption));
        Assert.NotNull(SceneChecker.Problem(Painted(circle, (x, y) => x is > 28 and < 38 && y is > 28 and < 38 ? Green : null), caption));
        Assert.NotNull(SceneChecker.Problem(Painted(circle, (x, y) => x is > 16 and < 48 && y is > 16 and < 48 && good[x, y][0] > 200 ? (180, 110, 90) : null), caption));
        Assert.NotNull(SceneChecker.Problem(new Picture(64, 64), caption));
        Assert.Throws<ArgumentException>(() => SceneChecker.Look(new Picture(32, 64)));
    }

    [Fact]
    public void Things_that_touch_are_told_apart_by_colour()
    {
        SceneObject left = new(SceneShape.Square, SceneColour.Red, 20, 32, 11), right = new(SceneShape.Square, SceneColour.Blue, 42, 32, 11);
        SceneFinding finding = SceneChecker.Look(SceneDrawing.Draw(new Scene(SceneBackground.White, [left, right])));
        Assert.Empty(finding.Strange);
        Assert.Equal([SceneColour.Red, SceneColour.Blue], finding.Objects.OrderBy(thing => thing.X).Select(thing => thing.Colour));
        Assert.All(finding.Objects, thing => Assert.Equal(SceneShape.Square, thing.Shape));
    }

    private static (byte, byte, byte) Grey => ScenePalette.Of(SceneBackground.Grey);

    private static (byte, byte, byte) Green => ScenePalette.Of(SceneColour.Green);

    private static Picture Painted(SceneObject thing, Func<int, int, (byte R, byte G, byte B)?> paint)
    {
        Picture picture = SceneDrawing.Draw(new Scene(SceneBackground.Grey, [thing]));
        for (int i = 0; i < 64 * 64; i++)
            if (paint(i % 64, i / 64) is { } colour) (picture.Pixels[3 * i], picture.Pixels[(3 * i) + 1], picture.Pixels[(3 * i) + 2]) = colour;
        return picture;
    }

    private static Picture Spoil(Picture picture, bool blur, int noise, int seed)
    {
        var random = new Random(seed);
        var spoilt = new Picture(64, 64);
        for (int i = 0; i < picture.Pixels.Length; i++)
        {
            int x = i / 3 % 64, y = i / 192, c = i % 3;
            double value = picture.Pixels[i];
            if (blur)
            {
                value = 0;
                for (int dy = -1; dy <= 1; dy++)
                    for (int dx = -1; dx <= 1; dx++) value += picture[Math.Clamp(x + dx, 0, 63), Math.Clamp(y + dy, 0, 63)][c] * (2 - Math.Abs(dx)) * (2 - Math.Abs(dy)) / 16.0;
            }
            spoilt.Pixels[i] = (byte)Math.Clamp(value + (noise * ((2 * random.NextDouble()) - 1)), 0, 255);
        }
        return spoilt;
    }
}
