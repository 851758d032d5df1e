using System.Globalization;
using Percheron.Evaluation.Scenes;

namespace Percheron.Evaluation.Pictures;

/// <summary>Captioned scenes, drawn when they are asked for; there is no end of them.</summary>
/// <param name="seed">Of the generator.</param>
/// <param name="two">Percent of the captions that ask for two things.</param>
public sealed class ScenePictures(ulong seed, int two = 50) : IPictureSet
{
    private readonly SceneGenerator _generator = new(seed, two);

    /// <inheritdoc/>
    public string Description => string.Create(CultureInfo.InvariantCulture, $"captioned scenes of this project's generator, seed {seed}{(two == 50 ? "" : $", {two} % of them with two things")}; captions that are held out are never trained");

    /// <inheritdoc/>
    public string License => "mit";

    /// <inheritdoc/>
    public long TrainCount => long.MaxValue;

    /// <inheritdoc/>
    public long HeldOutCount => long.MaxValue;

    /// <inheritdoc/>
    public CaptionedPicture Train(long index) => Drawn(_generator.Train(index));

    /// <inheritdoc/>
    public CaptionedPicture HeldOut(long index) => Drawn(_generator.HeldOut(index));

    private static CaptionedPicture Drawn(CaptionedScene scene) => new(SceneDrawing.Draw(scene.Scene), scene.Text);
}
