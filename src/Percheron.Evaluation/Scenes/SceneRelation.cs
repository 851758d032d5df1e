namespace Percheron.Evaluation.Scenes;

/// <summary>How the first of two things stands to the second.</summary>
public enum SceneRelation
{
    LeftOf,
    RightOf,
    Above,
    Below,
}
