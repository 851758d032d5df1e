using Percheron.Evaluation.Scenes;
using Xunit;

namespace Percheron.Evaluation.Tests.Scenes;

public class SceneGeneratorTests
{
    private static readonly SceneGenerator Generator = new(7);

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(50, 80, 120)]
    [InlineData(90, 170, 190)]
    [InlineData(100, 200, 200)]
    public void As_many_captions_as_asked_for_have_two_things(int percent, int fewest, int most) =>
        Assert.InRange(Enumerable.Range(0, 200).Count(i => new SceneGenerator(7, percent).Train(i).Caption.Second is not null), fewest, most);

    [Fact]
    public void A_scene_follows_from_seed_and_number_alone()
    {
        CaptionedScene scene = Generator.Train(41);
        Assert.Equal(SceneDrawing.Draw(scene.Scene).Pixels, SceneDrawing.Draw(new SceneGenerator(7).Train(41).Scene).Pixels);
        Assert.NotEqual(scene.Text, new SceneGenerator(8).Train(41).Text);
        // Fixed: a corpus made elsewhere is the same corpus.
        Assert.Equal(KnownCaptions, Enumerable.Range(0, 3).Select(i => Generator.Train(i).Text));
    }

    [Fact]
    public void Every_caption_is_true_of_its_scene()
    {
        for (int i = 0; i < 2000; i++)
        {
            CaptionedScene one = i % 2 == 0 ? Generator.Train(i) : Generator.HeldOut(i);
            Assert.Null(SceneChecker.Problem(new SceneFinding(one.Scene.Background, one.Scene.Objects, []), one.Caption));
        }
    }

    [Fact]
    public void Captions_are_many_and_held_out_ones_are_never_trained()
    {
        HashSet<SceneCaption> train = [.. Enumerable.Range(0, 20000).Select(i => Generator.Train(i).Caption.Canonical())], heldOut = [.. Enumerable.Range(0, 2000).Select(i => Generator.HeldOut(i).Caption.Canonical())];
        Assert.True(train.Count > 10000, $"{train.Count}");
        Assert.True(heldOut.Count > 1000, $"{heldOut.Count}");
        Assert.Empty(train.Intersect(heldOut));
        // However it is put, it is the same combination.
        Assert.All(heldOut.Take(200), caption => Assert.True((caption with { Background = SceneBackground.Beige }).IsHeldOut));
    }

    [Fact]
    public void Both_ways_of_putting_a_relation_are_one_combination()
    {
        SceneThing red = new(null, SceneColour.Red, SceneShape.Circle), blue = new(SceneSize.Large, SceneColour.Blue, SceneShape.Square);
        Assert.Equal(new SceneCaption(red) { Second = blue, Relation = SceneRelation.Above }, new SceneCaption(blue) { Second = red, Relation = SceneRelation.Below }.Canonical());
        Assert.Equal(new SceneCaption(red) { Second = blue }.Canonical(), new SceneCaption(blue) { Second = red }.Canonical());
    }

    [Fact]
    public void A_scene_can_be_had_for_a_caption()
    {
        Assert.True(CaptionGrammar.TryRead("a large purple triangle right of a small cyan circle on beige", out SceneCaption caption, out _));
        for (int i = 0; i < 50; i++) Assert.Null(SceneChecker.Problem(SceneDrawing.Draw(Generator.Scene(caption, i)), caption));
    }

    private static readonly string[] KnownCaptions = ["a big blue cross over a green triangle", "a picture of a little cyan square right of a yellow cross", "a picture of a big green triangle and a big cyan cross"];
}
