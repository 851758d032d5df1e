namespace Percheron.Evaluation.Scenes;

/// <summary>Connected parts of the pixels of a scene, each pixel by its number in raster order.</summary>
internal static class PixelParts
{
    /// <summary>The parts that hang together by sides, in the order of their first pixels; each in any order.</summary>
    public static List<List<int>> Find(bool[] wanted)
    {
        var parts = new List<List<int>>();
        bool[] seen = new bool[wanted.Length];
        for (int i = 0; i < wanted.Length; i++)
        {
            if (!wanted[i] || seen[i]) continue;
            List<int> part = [i];
            seen[i] = true;
            for (int at = 0; at < part.Count; at++)
            {
                foreach (int near in Around(part[at]))
                {
                    if (!wanted[near] || seen[near]) continue;
                    seen[near] = true;
                    part.Add(near);
                }
            }
            parts.Add(part);
        }
        return parts;
    }

    /// <summary>The pixels above, left, right and below, as far as there are any.</summary>
    public static IEnumerable<int> Around(int pixel)
    {
        const int Side = Scene.Side;
        if (pixel >= Side) yield return pixel - Side;
        if (pixel % Side > 0) yield return pixel - 1;
        if (pixel % Side < Side - 1) yield return pixel + 1;
        if (pixel < Side * (Side - 1)) yield return pixel + Side;
    }
}
