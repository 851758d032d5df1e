using System.Text;

namespace Percheron.Evaluation.Scenes;

/// <summary>Captions in words: writes what a caption says in several ways, and reads those and a few more.</summary>
public static class CaptionGrammar
{
    /// <summary>How many ways there are to say a caption; not all of them differ for each.</summary>
    public const int Forms = 48;

    // The plainest way of saying something comes first; reading tries longer ones before shorter ones.
    private static readonly (string Words, SceneRelation Meaning)[] Relations =
    [
        ("left of", SceneRelation.LeftOf), ("to the left of", SceneRelation.LeftOf), ("right of", SceneRelation.RightOf), ("to the right of", SceneRelation.RightOf),
        ("above", SceneRelation.Above), ("over", SceneRelation.Above), ("below", SceneRelation.Below), ("under", SceneRelation.Below),
    ];

    private static readonly (string Words, ScenePlace Meaning)[] Places =
    [
        ("at the top left", ScenePlace.TopLeft), ("in the top left corner", ScenePlace.TopLeft), ("at the top right", ScenePlace.TopRight), ("in the top right corner", ScenePlace.TopRight),
        ("at the bottom left", ScenePlace.BottomLeft), ("in the bottom left corner", ScenePlace.BottomLeft), ("at the bottom right", ScenePlace.BottomRight), ("in the bottom right corner", ScenePlace.BottomRight),
        ("in the centre", ScenePlace.Centre), ("in the middle", ScenePlace.Centre), ("in the center", ScenePlace.Centre), ("at the top", ScenePlace.Top), ("at the bottom", ScenePlace.Bottom),
        ("on the left", ScenePlace.Left), ("at the left", ScenePlace.Left), ("on the right", ScenePlace.Right), ("at the right", ScenePlace.Right),
    ];

    private static readonly (string Words, SceneSize Meaning)[] Sizes = [("small", SceneSize.Small), ("little", SceneSize.Small), ("large", SceneSize.Large), ("big", SceneSize.Large)];

    /// <summary>A caption in words: lower case, no full stop.</summary>
    /// <param name="caption">What it says.</param>
    /// <param name="form">Which way of saying it, 0 … <see cref="Forms"/> − 1; 0 is the plainest.</param>
    public static string Write(SceneCaption caption, int form)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)form, (uint)Forms, nameof(form));
        (int opening, int second, int backing) = (form % 3, form / 3 % 4, form / 12);
        var text = new StringBuilder(opening == 0 ? "" : opening == 1 ? "there is " : "a picture of ");
        text.Append(Thing(caption.First, second));
        if (caption.Place is { } place) text.Append(' ').Append(Pick(Places, place, second & 1));
        if (caption.Second is { } other)
            text.Append(caption.Relation is { } relation ? $" {Pick(Relations, relation, second & 1)} " : " and ").Append(Thing(other, second));
        if (caption.Background is not { } background) return text.ToString();
        string name = background.ToString().ToLowerInvariant();
        return text.Append(backing switch { 0 => $" on a {name} background", 1 => $" on {name}", 2 => $", {name} background", _ => $" with a {name} background" }).ToString();
    }

    /// <summary>Reads a caption; false, with a reason, where it says something that scenes do not have.</summary>
    public static bool TryRead(string text, out SceneCaption caption, out string problem)
    {
        caption = new SceneCaption(new SceneThing(null, default, default));
        var words = new CaptionWords(text);
        foreach (string opening in (string[])["there is", "a picture of", "an image of", "a drawing of", "draw"]) words.Take(opening);
        if (!Thing(words, out SceneThing? first, out problem)) return false;
        caption = new SceneCaption(first!) { Place = Take(words, Places) };
        words.Take("is");
        SceneRelation? relation = Take(words, Relations);
        if (relation is not null || words.Take("and"))
        {
            if (!Thing(words, out SceneThing? second, out problem)) return false;
            if (caption.Place is not null) return Refuse("a place is for a picture with one thing", out problem);
            caption = caption with { Second = second, Relation = relation };
        }
        else
        {
            caption = caption with { Place = caption.Place ?? Take(words, Places) };
        }
        if (!Backing(words, ref caption)) return Refuse("the background is white, grey, black or beige", out problem);
        return words.AtEnd || Refuse($"'{words.Next}' is not understood here", out problem);
    }

    private static bool Backing(CaptionWords words, ref SceneCaption caption)
    {
        bool before = words.Take("on") || words.Take("with") || words.Take("before");
        if (!before && words.AtEnd) return true;
        if (!words.Take("a")) words.Take("the");
        foreach (SceneBackground background in Enum.GetValues<SceneBackground>())
        {
            if (!words.Take(background.ToString()) && !(background == SceneBackground.Grey && words.Take("gray"))) continue;
            words.Take("background");
            caption = caption with { Background = background };
            return true;
        }
        return !before;
    }

    private static string Thing(SceneThing thing, int form)
    {
        string size = thing.Size is { } known ? Pick(Sizes, known, form >> 1) + " " : "", colour = thing.Colour.ToString().ToLowerInvariant();
        string article = size.Length == 0 && thing.Colour == SceneColour.Orange ? "an" : "a";
        return $"{article} {size}{colour} {thing.Shape.ToString().ToLowerInvariant()}";
    }

    private static bool Thing(CaptionWords words, out SceneThing? thing, out string problem)
    {
        thing = null;
        if (!words.Take("an") && !words.Take("a")) words.Take("the");
        SceneSize? size = Take(words, Sizes);
        if (Named<SceneColour>(words) is not { } colour) return Refuse($"a colour is expected where '{words.Next}' stands: {Names<SceneColour>()}", out problem);
        if (Named<SceneShape>(words) is not { } shape) return Refuse($"a shape is expected where '{words.Next}' stands: {Names<SceneShape>()}", out problem);
        thing = new SceneThing(size, colour, shape);
        problem = "";
        return true;
    }

    private static T? Named<T>(CaptionWords words)
        where T : struct, Enum
    {
        foreach (T value in Enum.GetValues<T>())
            if (words.Take(value.ToString())) return value;
        return null;
    }

    private static string Names<T>()
        where T : struct, Enum => string.Join(", ", Enum.GetNames<T>()).ToLowerInvariant();

    private static T? Take<T>(CaptionWords words, (string Words, T Meaning)[] all)
        where T : struct
    {
        foreach ((string each, T meaning) in all.OrderByDescending(way => way.Words.Length))
            if (words.Take(each)) return meaning;
        return null;
    }

    private static string Pick<T>((string Words, T Meaning)[] all, T meaning, int which)
        where T : struct, Enum
    {
        string[] ways = [.. all.Where(each => EqualityComparer<T>.Default.Equals(each.Meaning, meaning)).Select(each => each.Words)];
        return ways[Math.Min(which, ways.Length - 1)];
    }

    private static bool Refuse(string reason, out string problem)
    {
        problem = reason;
        return false;
    }
}
