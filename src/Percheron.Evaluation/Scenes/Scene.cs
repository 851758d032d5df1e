namespace Percheron.Evaluation.Scenes;

/// <summary>A background and the things on it.</summary>
public sealed record Scene(SceneBackground Background, IReadOnlyList<SceneObject> Objects)
{
    /// <summary>Pixels of a scene in both directions.</summary>
    public const int Side = 64;
}
