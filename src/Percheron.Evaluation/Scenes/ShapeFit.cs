namespace Percheron.Evaluation.Scenes;

/// <summary>Finds the shape, place and radius whose outline covers what a thing was seen to cover.</summary>
/// <param name="cover">How much of each pixel the thing covers [Side, Side], 0 to 1.</param>
internal sealed class ShapeFit(float[] cover)
{
    // Part of the thing's own area that may lie wrong: little, and what a blurred edge is of a thing of radius 1; and how much worse the next shape must be. Blur and noise of the tests reach 0.24 for small things and
    // 0.17 for large ones; halves, bites and rings lie above.
    private const float MostError = 0.1f, EdgeError = 1.2f, Clear = 1.08f;
    private const int Around = 3;

    private int _left, _right, _top, _bottom;
    private float _area;

    /// <summary>The thing; null, with a reason, where no shape fits, or two about as well.</summary>
    public SceneObject? Find(SceneColour colour, out string problem)
    {
        Bound();
        float width = _right - _left + 1, height = _bottom - _top + 1;
        var start = new SceneObject(default, colour, _left + (width / 2), _top + (height / 2), Math.Max(width, height) / 2);
        (_left, _right, _top, _bottom) = (Math.Max(0, _left - Around), Math.Min(Scene.Side - 1, _right + Around), Math.Max(0, _top - Around), Math.Min(Scene.Side - 1, _bottom + Around));
        SceneObject best = default;
        float least = float.MaxValue, next = float.MaxValue;
        foreach (SceneShape shape in Enum.GetValues<SceneShape>())
        {
            (SceneObject fit, float error) = Improve(start with { Shape = shape });
            if (error < least) (best, least, next) = (fit, error, least);
            else if (error < next) next = error;
        }
        problem = least > MostError + (EdgeError / best.Radius) ? $"something {colour.ToString().ToLowerInvariant()} has no known shape ({least:f2} of it lies wrong)"
            : next < Clear * least ? $"something {colour.ToString().ToLowerInvariant()} might have two shapes" : "";
        return problem.Length == 0 ? best : null;
    }

    private void Bound()
    {
        (_left, _right, _top, _bottom, _area) = (Scene.Side, -1, Scene.Side, -1, 0);
        for (int i = 0; i < cover.Length; i++)
        {
            _area += cover[i];
            if (cover[i] < 0.5f) continue;
            (int y, int x) = Math.DivRem(i, Scene.Side);
            (_left, _right, _top, _bottom) = (Math.Min(_left, x), Math.Max(_right, x), Math.Min(_top, y), Math.Max(_bottom, y));
        }
    }

    private (SceneObject Fit, float Error) Improve(SceneObject at)
    {
        float error = Error(at);
        foreach (float step in (ReadOnlySpan<float>)[1, 0.5f, 0.25f])
        {
            for (bool better = true; better;)
            {
                better = false;
                foreach (SceneObject near in (ReadOnlySpan<SceneObject>)[at with { X = at.X - step }, at with { X = at.X + step }, at with { Y = at.Y - step }, at with { Y = at.Y + step }, at with { Radius = at.Radius - step }, at with { Radius = at.Radius + step }])
                {
                    if (Error(near) is var trial && trial < error) (at, error, better) = (near, trial, true);
                }
            }
        }
        return (at, error);
    }

    private float Error(SceneObject thing)
    {
        float error = 0;
        for (int y = _top; y <= _bottom; y++)
        {
            for (int x = _left; x <= _right; x++) error += Math.Abs(cover[(y * Scene.Side) + x] - SceneOutline.Cover(thing, x, y));
        }
        return error / _area;
    }
}
