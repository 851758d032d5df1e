namespace Percheron.Evaluation.Scenes;

/// <summary>What a picture shows, as far as it is a scene.</summary>
/// <param name="Background">What the things stand on; null where it is none of the known ones.</param>
/// <param name="Objects">The things that were made out, from the top left.</param>
/// <param name="Strange">Why the rest was not, one line each; empty for a clean scene.</param>
public sealed record SceneFinding(SceneBackground? Background, IReadOnlyList<SceneObject> Objects, IReadOnlyList<string> Strange);
