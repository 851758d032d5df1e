namespace Percheron.Evaluation.Scenes;

/// <summary>Captioned scenes without end, each a function of the seed and its number alone.</summary>
/// <remarks>
/// A scene has one thing or two. A caption says size and background only at times, and always what is true; what it leaves open is drawn. Things never touch each other or the frame.
/// </remarks>
/// <param name="seed">Of everything that is drawn.</param>
/// <param name="two">Percent of the captions that ask for two things, before those that are held out are parted from those that are not.</param>
public sealed class SceneGenerator(ulong seed, int two = 50)
{
    // Things keep this far from each other's boxes and from the frame.
    private const float Gap = 3, Margin = 1;

    /// <summary>Scene <paramref name="index"/> whose caption is not held out: what models are trained on.</summary>
    public CaptionedScene Train(long index) => Make(index, heldOut: false);

    /// <summary>Scene <paramref name="index"/> whose caption no training scene has: what models are measured on.</summary>
    public CaptionedScene HeldOut(long index) => Make(index, heldOut: true);

    /// <summary>A scene of which this caption is true, in one of its many forms.</summary>
    /// <param name="caption">What it must show.</param>
    /// <param name="index">Which one.</param>
    public Scene Scene(SceneCaption caption, long index)
    {
        var draw = new SceneDraw(seed ^ 0x5CE7E, index);
        return Scene(caption, ref draw);
    }

    private CaptionedScene Make(long index, bool heldOut)
    {
        var draw = new SceneDraw(heldOut ? ~seed : seed, index);
        SceneCaption caption;
        do caption = Caption(ref draw);
        while (caption.IsHeldOut != heldOut);
        Scene scene = Scene(caption, ref draw);
        return new CaptionedScene(CaptionGrammar.Write(caption, draw.Below(CaptionGrammar.Forms)), caption, scene);
    }

    private SceneCaption Caption(ref SceneDraw draw)
    {
        SceneThing first = Thing(ref draw);
        SceneBackground? background = draw.Percent(50) ? (SceneBackground)draw.Below(ScenePalette.Backgrounds) : null;
        if (draw.Percent(100 - two)) return new SceneCaption(first) { Background = background, Place = draw.Percent(60) ? (ScenePlace)draw.Below(9) : null };
        SceneThing second = Thing(ref draw);
        // Two things of one kind could not be told apart.
        while (second.Colour == first.Colour && second.Shape == first.Shape) second = Thing(ref draw);
        return new SceneCaption(first) { Second = second, Background = background, Relation = draw.Percent(80) ? (SceneRelation)draw.Below(4) : null };
    }

    private static SceneThing Thing(ref SceneDraw draw)
    {
        SceneSize? size = draw.Percent(60) ? (SceneSize)draw.Below(2) : null;
        return new SceneThing(size, (SceneColour)draw.Below(ScenePalette.Colours), (SceneShape)draw.Below(5));
    }

    private static Scene Scene(SceneCaption caption, ref SceneDraw draw)
    {
        SceneBackground background = caption.Background ?? (SceneBackground)draw.Below(ScenePalette.Backgrounds);
        if (caption.Second is null) return new Scene(background, [Placed(caption.First, caption.Place ?? (ScenePlace)draw.Below(9), ref draw)]);
        while (true)
        {
            SceneObject first = Anywhere(caption.First, ref draw), second = Anywhere(caption.Second, ref draw);
            float across = Math.Abs(first.X - second.X), down = Math.Abs(first.Y - second.Y), apart = first.Radius + second.Radius + Gap;
            if (Math.Max(across, down) < apart) continue;
            // A relation is to be seen at a glance: twice as far along as across.
            if (caption.Relation is { } relation && !(first.Stands(relation, second) && Math.Max(across, down) >= 2 * Math.Min(across, down))) continue;
            return new Scene(background, [first, second]);
        }
    }

    private static SceneObject Placed(SceneThing thing, ScenePlace place, ref SceneDraw draw)
    {
        const float Middle = Evaluation.Scenes.Scene.Side / 2f, Step = 17, Sway = 2.5f;
        float radius = Radius(thing, ref draw);
        float x = Middle + (Step * (((int)place % 3) - 1)) + draw.Between(-Sway, Sway), y = Middle + (Step * (((int)place / 3) - 1)) + draw.Between(-Sway, Sway);
        return new SceneObject(thing.Shape, thing.Colour, Inside(x, radius), Inside(y, radius), radius);
    }

    private static SceneObject Anywhere(SceneThing thing, ref SceneDraw draw)
    {
        float radius = Radius(thing, ref draw), from = radius + Margin, to = Evaluation.Scenes.Scene.Side - radius - Margin;
        return new SceneObject(thing.Shape, thing.Colour, draw.Between(from, to), draw.Between(from, to), radius);
    }

    private static float Radius(SceneThing thing, ref SceneDraw draw)
    {
        SceneSize size = thing.Size ?? (SceneSize)draw.Below(2);
        return size == SceneSize.Small ? draw.Between(6, 7.5f) : draw.Between(10.5f, 12.5f);
    }

    private static float Inside(float at, float radius) => Math.Clamp(at, radius + Margin, Evaluation.Scenes.Scene.Side - radius - Margin);
}
