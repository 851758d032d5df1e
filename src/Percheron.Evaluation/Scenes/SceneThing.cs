namespace Percheron.Evaluation.Scenes;

/// <summary>What a caption says of one thing.</summary>
/// <param name="Size">Null where the caption does not say.</param>
/// <param name="Colour">Its colour.</param>
/// <param name="Shape">Its shape.</param>
public sealed record SceneThing(SceneSize? Size, SceneColour Colour, SceneShape Shape);
