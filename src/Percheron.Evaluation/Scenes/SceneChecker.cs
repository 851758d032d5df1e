using Percheron.Codecs.Images;

namespace Percheron.Evaluation.Scenes;

/// <summary>
/// Looks at the pixels of a picture, says which things stand where on what, and whether that is what a caption asks for. Strict: what is not clearly one of the known things counts against the picture, wherever it is.
/// </summary>
/// <remarks>
/// The background is the known colour that most pixels have; what differs from it falls into connected parts; each part's colour is that of its inside, and its shape the one whose outline fits best.
/// </remarks>
public static class SceneChecker
{
    private const float BackgroundReach = 45, Differs = 48, ColourReach = 62;
    private const int LeastPart = 8, LeastThing = 30;

    /// <summary>What a picture of 64 x 64 pixels shows.</summary>
    /// <exception cref="ArgumentException">The picture has another size.</exception>
    public static SceneFinding Look(Picture picture)
    {
        if (picture.Width != Scene.Side || picture.Height != Scene.Side) throw new ArgumentException($"A scene has {Scene.Side} x {Scene.Side} pixels; this picture has {picture.Width} x {picture.Height}.", nameof(picture));
        PixelColour[] pixels = [.. Enumerable.Range(0, Scene.Side * Scene.Side).Select(i => new PixelColour(picture.Pixels[3 * i], picture.Pixels[(3 * i) + 1], picture.Pixels[(3 * i) + 2]))];
        if (Background(pixels) is not var (background, colour)) return new SceneFinding(null, [], ["no known background fills half of the picture"]);
        bool[] differs = [.. pixels.Select(pixel => pixel.To(colour) > Differs)];
        var objects = new List<SceneObject>();
        var strange = new List<string>();
        foreach (List<int> part in PixelParts.Find(differs)) Name(part, pixels, colour, objects, strange);
        return new SceneFinding(background, objects, strange);
    }

    /// <summary>Why a picture is not what a caption asks for; null if it is.</summary>
    /// <exception cref="ArgumentException">The picture is not of 64 x 64 pixels.</exception>
    public static string? Problem(Picture picture, SceneCaption caption) => Problem(Look(picture), caption);

    /// <summary>Why what was found is not what a caption asks for; null if it is.</summary>
    public static string? Problem(SceneFinding finding, SceneCaption caption)
    {
        if (finding.Strange.Count > 0) return finding.Strange[0];
        if (caption.Background is { } background && finding.Background != background) return $"the background is {finding.Background}, not {background}";
        int things = caption.Second is null ? 1 : 2;
        if (finding.Objects.Count != things) return $"there are {finding.Objects.Count} things, not {things}";
        SceneObject first = finding.Objects[0];
        if (caption.Second is not null) return Both(caption, first, finding.Objects[1]);
        if (!first.Is(caption.First)) return $"there is {Describe(first)}";
        return caption.Place is { } place && first.Place != place ? $"it is at {first.Place}, not {place}" : null;
    }

    private static string? Both(SceneCaption caption, SceneObject first, SceneObject second)
    {
        bool straight = first.Is(caption.First) && second.Is(caption.Second!), turned = second.Is(caption.First) && first.Is(caption.Second!);
        if (!straight && !turned) return $"there are {Describe(first)} and {Describe(second)}";
        if (caption.Relation is not { } relation) return null;
        return (straight && first.Stands(relation, second)) || (turned && second.Stands(relation, first)) ? null : $"they do not stand {relation}";
    }

    private static string Describe(SceneObject thing) => $"a {thing.Size} {thing.Colour} {thing.Shape}".ToLowerInvariant();

    private static (SceneBackground, PixelColour)? Background(PixelColour[] pixels)
    {
        foreach (SceneBackground each in Enum.GetValues<SceneBackground>())
        {
            PixelColour pure = PixelColour.Of(ScenePalette.Of(each));
            List<PixelColour> near = [.. pixels.Where(pixel => pixel.To(pure) < BackgroundReach)];
            if (2 * near.Count > pixels.Length) return (each, PixelColour.Mean(near));
        }
        return null;
    }

    private static void Name(List<int> part, PixelColour[] pixels, PixelColour background, List<SceneObject> objects, List<string> strange)
    {
        if (part.Count < LeastPart) return;
        HashSet<int> whole = [.. part];
        List<int> inside = [.. part.Where(i => PixelParts.Around(i).All(whole.Contains))];
        if (part.Count < LeastThing || inside.Count < LeastPart)
        {
            strange.Add($"a speck of {part.Count} pixels");
            return;
        }
        List<(SceneColour Colour, List<int> Pixels)> colours = [.. inside.GroupBy(i => Nearest(pixels[i], background, Enum.GetValues<SceneColour>())).Where(group => 5 * group.Count() >= inside.Count).Select(group => (group.Key, group.ToList()))];
        // Things that touch are told apart by colour alone.
        foreach ((SceneColour colour, List<int> own) in colours)
        {
            // The half that is least mixed with the background.
            PixelColour mean = PixelColour.Mean([.. own.Select(i => pixels[i]).OrderByDescending(pixel => pixel.To(background)).Take((own.Count + 1) / 2)]);
            if (mean.To(PixelColour.Of(ScenePalette.Of(colour))) > ColourReach)
            {
                strange.Add($"something has a colour near {colour.ToString().ToLowerInvariant()} that is none");
                continue;
            }
            List<int> pixelsOfIt = colours.Count == 1 ? part : [.. part.Where(i => Nearest(pixels[i], background, [.. colours.Select(each => each.Colour)]) == colour)];
            if (new ShapeFit(Cover(pixelsOfIt, pixels, background, mean)).Find(colour, out string problem) is { } thing) objects.Add(thing);
            else strange.Add(problem);
        }
        if (colours.Count == 0) strange.Add("something has no colour of its own");
    }

    // A pixel may be mixed with the background: what counts is how far it lies from the way between both.
    private static SceneColour Nearest(PixelColour pixel, PixelColour background, IReadOnlyList<SceneColour> among) => among.MinBy(colour =>
    {
        PixelColour pure = PixelColour.Of(ScenePalette.Of(colour)), way = pure - background;
        float part = Math.Clamp(PixelColour.Dot(pixel - background, way) / PixelColour.Dot(way, way), 0.5f, 1);
        return pixel.To(new PixelColour(background.R + (part * way.R), background.G + (part * way.G), background.B + (part * way.B)));
    });

    // Of a mixed pixel, how far it has come from the background's colour to the thing's.
    private static float[] Cover(List<int> part, PixelColour[] pixels, PixelColour background, PixelColour colour)
    {
        float[] cover = new float[pixels.Length];
        PixelColour way = colour - background;
        foreach (int i in part.Concat(part.SelectMany(PixelParts.Around)))
            cover[i] = Math.Clamp(PixelColour.Dot(pixels[i] - background, way) / PixelColour.Dot(way, way), 0, 1);
        return cover;
    }
}
