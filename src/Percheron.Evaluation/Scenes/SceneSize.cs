namespace Percheron.Evaluation.Scenes;

/// <summary>How large a thing is, by its radius: half the side of its box.</summary>
public enum SceneSize
{
    /// <summary>6 to 7.5 pixels.</summary>
    Small,

    /// <summary>10.5 to 12.5 pixels.</summary>
    Large,
}
