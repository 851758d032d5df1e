namespace Percheron.Evaluation.Scenes;

/// <summary>What things of a scene are. Each fills the box of its radius.</summary>
public enum SceneShape
{
    Circle,
    Square,
    Triangle,
    Diamond,
    Cross,
}
