using Percheron.Evaluation.Scenes;

namespace Percheron.Training.Pictures;

/// <summary>What there is to say of a scene, as yes and no: its background, how many things, and of each the colour with the place, the shape with the place, the colour with the shape, and the shape with the size.</summary>
public static class SceneAttributes
{
    private const int Backgrounds = 4, Most = 2, Colours = 7, Shapes = 5, Sizes = 2, Places = 9;
    private const int Counts = Backgrounds, ColourPlace = Counts + Most, ShapePlace = ColourPlace + (Colours * Places), ColourShape = ShapePlace + (Shapes * Places), ShapeSize = ColourShape + (Colours * Shapes);

    /// <summary>How many.</summary>
    public const int Count = ShapeSize + (Shapes * Sizes);

    /// <summary>1 for yes, 0 for no [Count].</summary>
    public static short[] Of(Scene scene)
    {
        var attributes = new short[Count];
        attributes[(int)scene.Background] = 1;
        attributes[Counts + Math.Min(scene.Objects.Count, Most) - 1] = 1;
        foreach (SceneObject thing in scene.Objects)
        {
            (int colour, int shape, int place, int size) = ((int)thing.Colour, (int)thing.Shape, (int)thing.Place, (int)thing.Size);
            attributes[ColourPlace + (colour * Places) + place] = attributes[ShapePlace + (shape * Places) + place] = attributes[ColourShape + (colour * Shapes) + shape] = attributes[ShapeSize + (shape * Sizes) + size] = 1;
        }
        return attributes;
    }
}
