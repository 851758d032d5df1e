namespace Percheron.Evaluation.Scenes;

/// <summary>A colour as three numbers, 0 to 255.</summary>
internal readonly record struct PixelColour(float R, float G, float B)
{
    public static PixelColour Of((byte R, byte G, byte B) colour) => new(colour.R, colour.G, colour.B);

    public static PixelColour operator -(PixelColour a, PixelColour b) => new(a.R - b.R, a.G - b.G, a.B - b.B);

    public static float Dot(PixelColour a, PixelColour b) => (a.R * b.R) + (a.G * b.G) + (a.B * b.B);

    public float To(PixelColour other) => MathF.Sqrt(Dot(this - other, this - other));

    /// <summary>The mean of some colours; black of none.</summary>
    public static PixelColour Mean(IReadOnlyCollection<PixelColour> colours)
    {
        float r = 0, g = 0, b = 0, count = Math.Max(1, colours.Count);
        foreach (PixelColour each in colours) (r, g, b) = (r + each.R, g + each.G, b + each.B);
        return new(r / count, g / count, b / count);
    }
}
