using System.CommandLine;
using System.Globalization;
using Percheron.Evaluation.Pictures;

namespace Percheron.Training.Pictures;

/// <summary>The option by which commands are told which pictures to learn from.</summary>
public static class PictureData
{
    /// <summary>The option.</summary>
    public static Option<string> Option() => new("--data")
    {
        Description = "What to learn from: scenes (made by this project), scenes:PERCENT (so many of them with two things instead of 50), mnist:FOLDER (idx files), cifar:FOLDER (the binary version of CIFAR-10), folder:FOLDER (PNG and JPEG with captions).", DefaultValueFactory = _ => "scenes",
    };

    /// <summary>The pictures it names, 64 pixels wide and high.</summary>
    /// <exception cref="ArgumentException">It names none.</exception>
    /// <exception cref="InvalidDataException">They are missing or damaged.</exception>
    public static IPictureSet Open(string data, ulong seed) => data.Split(':', 2) switch
    {
        ["scenes"] => new ScenePictures(seed),
        ["scenes", var two] when int.TryParse(two, NumberStyles.None, CultureInfo.InvariantCulture, out int percent) && percent <= 100 => new ScenePictures(seed, percent),
        ["mnist", var folder] => LabelledPictures.Idx(folder),
        ["cifar", var folder] => LabelledPictures.Cifar10(folder),
        ["folder", var folder] => new FolderPictures(folder),
        _ => throw new ArgumentException($"--data '{data}' is neither scenes, scenes:PERCENT (0 to 100) nor mnist:FOLDER, cifar:FOLDER or folder:FOLDER."),
    };
}
