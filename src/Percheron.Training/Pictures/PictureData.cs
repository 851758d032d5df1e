using System.CommandLine;
using Percheron.Evaluation.Pictures;

namespace Percheron.Training.Pictures;

/// <summary>The option by which commands are told which pictures to learn from.</summary>
public static class PictureData
{
    /// <summary>The option.</summary>
    public static Option<string> Option() => new("--data") { Description = "What to learn from: scenes (made by this project).", DefaultValueFactory = _ => "scenes" };

    /// <summary>The pictures it names.</summary>
    /// <exception cref="ArgumentException">It names none.</exception>
    public static IPictureSet Open(string data, ulong seed) => data == "scenes" ? new ScenePictures(seed) : throw new ArgumentException($"--data '{data}' is not known.");
}
