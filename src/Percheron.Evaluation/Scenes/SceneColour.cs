namespace Percheron.Evaluation.Scenes;

/// <summary>The colours of things.</summary>
public enum SceneColour
{
    Red,
    Green,
    Blue,
    Yellow,
    Purple,
    Orange,
    Cyan,
}
