namespace Percheron.Evaluation.Scenes;

/// <summary>A scene and a caption that is true of it.</summary>
/// <param name="Text">The caption in words.</param>
/// <param name="Caption">The same as a program reads it.</param>
/// <param name="Scene">The scene.</param>
public sealed record CaptionedScene(string Text, SceneCaption Caption, Scene Scene);
