namespace Percheron.Evaluation.Scenes;

/// <summary>How far a point is from the edge of a thing, which says how much of a pixel the thing covers.</summary>
/// <remarks>Plain additions, products and square roots of floats only: the same bits on every machine.</remarks>
internal static class SceneOutline
{
    // Half the width of an arm of the cross, of its radius.
    private const float Arm = 0.36f;

    /// <summary>Part of the pixel (x, y) that a thing covers, 0 to 1.</summary>
    public static float Cover(SceneObject thing, int x, int y) =>
        Math.Clamp(0.5f - Distance(thing.Shape, x + 0.5f - thing.X, y + 0.5f - thing.Y, thing.Radius), 0, 1);

    /// <summary>Distance in pixels of a point, seen from the middle of the thing's box, from its edge; negative within.</summary>
    private static float Distance(SceneShape shape, float x, float y, float radius)
    {
        float ax = Math.Abs(x), ay = Math.Abs(y);
        return shape switch
        {
            SceneShape.Circle => MathF.Sqrt((x * x) + (y * y)) - radius,
            SceneShape.Square => Math.Max(ax, ay) - radius,
            SceneShape.Diamond => (ax + ay - radius) * 0.70710678f,
            // The sides fall by two for one across.
            SceneShape.Triangle => Math.Max(y - radius, ((2 * ax) - y - radius) * 0.44721360f),
            SceneShape.Cross => Math.Max(Math.Max(ax, ay) - radius, Math.Min(ax, ay) - (Arm * radius)),
            _ => throw new ArgumentOutOfRangeException(nameof(shape)),
        };
    }
}
