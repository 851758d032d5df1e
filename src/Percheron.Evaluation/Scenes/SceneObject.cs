namespace Percheron.Evaluation.Scenes;

/// <summary>One thing as it stands in a scene; coordinates are pixels, (0, 0) being the upper left corner of the first.</summary>
public readonly record struct SceneObject(SceneShape Shape, SceneColour Colour, float X, float Y, float Radius)
{
    private const float Between = 9;

    /// <summary>Whether it counts as small or large.</summary>
    public SceneSize Size => Radius < Between ? SceneSize.Small : SceneSize.Large;

    /// <summary>The ninth of a picture it stands in.</summary>
    public ScenePlace Place => (ScenePlace)((3 * Third(Y)) + Third(X));

    /// <summary>Whether it is what a caption says of a thing.</summary>
    public bool Is(SceneThing thing) => Shape == thing.Shape && Colour == thing.Colour && (thing.Size is null || thing.Size == Size);

    /// <summary>Whether it stands so to <paramref name="other"/>: apart in that direction, and more than across it.</summary>
    public bool Stands(SceneRelation relation, SceneObject other)
    {
        float right = other.X - X, down = other.Y - Y;
        (float along, float across) = relation switch
        {
            SceneRelation.LeftOf => (right, down),
            SceneRelation.RightOf => (-right, down),
            SceneRelation.Above => (down, right),
            _ => (-down, right),
        };
        return along >= 4 && along >= Math.Abs(across);
    }

    private static int Third(float at) => at < Scene.Side / 3f ? 0 : at < 2 * Scene.Side / 3f ? 1 : 2;
}
