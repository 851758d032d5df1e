namespace Percheron.Evaluation.Scenes;

/// <summary>What things stand on.</summary>
public enum SceneBackground
{
    White,
    Grey,
    Black,
    Beige,
}
