namespace Percheron.Evaluation.Scenes;

/// <summary>Red, green and blue of the colours of scenes, far enough from one another to be told apart when a codec has changed them a little.</summary>
public static class ScenePalette
{
    /// <summary>Number of colours of things.</summary>
    public static int Colours { get; } = Enum.GetValues<SceneColour>().Length;

    /// <summary>Number of backgrounds.</summary>
    public static int Backgrounds { get; } = Enum.GetValues<SceneBackground>().Length;

    /// <summary>The colour of a thing.</summary>
    public static (byte R, byte G, byte B) Of(SceneColour colour) => colour switch
    {
        SceneColour.Red => (215, 35, 40),
        SceneColour.Green => (35, 160, 60),
        SceneColour.Blue => (40, 75, 215),
        SceneColour.Yellow => (245, 220, 40),
        SceneColour.Purple => (150, 45, 185),
        SceneColour.Orange => (245, 135, 20),
        SceneColour.Cyan => (50, 205, 225),
        _ => throw new ArgumentOutOfRangeException(nameof(colour)),
    };

    /// <summary>The colour of a background.</summary>
    public static (byte R, byte G, byte B) Of(SceneBackground background) => background switch
    {
        SceneBackground.White => (245, 245, 245),
        SceneBackground.Grey => (125, 125, 125),
        SceneBackground.Black => (15, 15, 15),
        SceneBackground.Beige => (225, 205, 165),
        _ => throw new ArgumentOutOfRangeException(nameof(background)),
    };
}
