using System.Globalization;
using Percheron.Evaluation.Scenes;

namespace Percheron.Evaluation.Pictures;

/// <summary>Captioned scenes, drawn when they are asked for; there is no end of them.</summary>
public sealed class ScenePictures(ulong seed) : IPictureSet
{
    private readonly SceneGenerator _generator = new(seed);

    /// <inheritdoc/>
    public string Description => string.Create(CultureInfo.InvariantCulture, $"captioned scenes of this project's generator, seed {seed}; captions that are held out are never trained");

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
