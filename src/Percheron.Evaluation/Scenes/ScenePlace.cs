namespace Percheron.Evaluation.Scenes;

/// <summary>The ninth of the picture in which the middle of a thing is, row by row from the top left.</summary>
public enum ScenePlace
{
    TopLeft,
    Top,
    TopRight,
    Left,
    Centre,
    Right,
    BottomLeft,
    Bottom,
    BottomRight,
}
