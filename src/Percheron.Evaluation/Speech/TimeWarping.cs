namespace Percheron.Evaluation.Speech;

/// <summary>
/// Two sequences laid beside each other so that the sum of distances is least; each frame of either stands beside at least one of the other, in order.
/// Source: Sakoe and Chiba, "Dynamic programming algorithm optimization for spoken word recognition" (1978).
/// </summary>
public static class TimeWarping
{
    private const int MostCells = 1 << 28;

    /// <summary>The pairs of the cheapest alignment and their summed distance; of equally cheap steps both go on before the first one alone, and that before the second one alone.</summary>
    /// <param name="first">Frames of the one; at least 1.</param>
    /// <param name="second">Frames of the other; at least 1.</param>
    /// <param name="distance">Distance of a frame of the one and a frame of the other.</param>
    /// <exception cref="ArgumentOutOfRangeException">A sequence is empty, or they are too long.</exception>
    public static (double Total, IReadOnlyList<(int First, int Second)> Path) Align(int first, int second, Func<int, int, double> distance)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(first, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(second, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)first * second, MostCells, nameof(first));
        byte[] from = new byte[first * second];
        double[] before = new double[second], own = new double[second];
        for (int i = 0; i < first; i++)
        {
            for (int j = 0; j < second; j++)
            {
                double both = i > 0 && j > 0 ? before[j - 1] : double.PositiveInfinity, up = i > 0 ? before[j] : double.PositiveInfinity, left = j > 0 ? own[j - 1] : double.PositiveInfinity;
                byte step = both <= up && both <= left ? (byte)0 : up <= left ? (byte)1 : (byte)2;
                from[(i * second) + j] = step;
                own[j] = distance(i, j) + (i == 0 && j == 0 ? 0 : step == 0 ? both : step == 1 ? up : left);
            }
            (before, own) = (own, before);
        }
        List<(int, int)> path = [(first - 1, second - 1)];
        for (int i = first - 1, j = second - 1; i > 0 || j > 0;)
        {
            byte step = from[(i * second) + j];
            if (step != 2) i--;
            if (step != 1) j--;
            path.Add((i, j));
        }
        path.Reverse();
        return (before[second - 1], path);
    }
}
