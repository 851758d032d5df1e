using System.Globalization;

namespace Percheron.Evaluation.Scenes;

/// <summary>What a caption asks for: one thing, perhaps at a place, or two, perhaps in a relation, perhaps on a background.</summary>
/// <param name="First">The first thing.</param>
public sealed record SceneCaption(SceneThing First)
{
    // One combination in sixteen is never trained on.
    private const uint HeldOutOf = 16;

    /// <summary>The second thing; null where there is only one.</summary>
    public SceneThing? Second { get; init; }

    /// <summary>Where the only thing stands; null where the caption does not say.</summary>
    public ScenePlace? Place { get; init; }

    /// <summary>How the first thing stands to the second; null where the caption does not say.</summary>
    public SceneRelation? Relation { get; init; }

    /// <summary>What they stand on; null where the caption does not say.</summary>
    public SceneBackground? Background { get; init; }

    /// <summary>The same demand in one form, whichever way it was put: the first thing is left of or above the second, or the lower of the two where nothing is said.</summary>
    public SceneCaption Canonical()
    {
        if (Second is null) return this;
        return Relation switch
        {
            SceneRelation.RightOf => Turned(SceneRelation.LeftOf),
            SceneRelation.Below => Turned(SceneRelation.Above),
            null when Key(First) > Key(Second) => Turned(null),
            _ => this,
        };
    }

    /// <summary>
    /// Whether this combination is kept from training, in whatever words and on whatever background: decided by a hash of everything else it says, so that a model has met each word and seldom the
    /// sentence.
    /// </summary>
    public bool IsHeldOut
    {
        get
        {
            SceneCaption one = Canonical();
            string key = string.Create(CultureInfo.InvariantCulture, $"{Key(one.First)} {(one.Second is null ? -1 : Key(one.Second))} {(int?)one.Place ?? -1} {(int?)one.Relation ?? -1}");
            uint hash = 2166136261;
            foreach (char c in key) hash = unchecked((hash ^ c) * 16777619);
            hash ^= hash >> 15;
            return hash % HeldOutOf == 0;
        }
    }

    private SceneCaption Turned(SceneRelation? relation) => this with { First = Second!, Second = First, Relation = relation };

    private static int Key(SceneThing thing) => ((((int?)thing.Size ?? 2) * 16) + (int)thing.Colour) * 16 + (int)thing.Shape;
}
