using System.Runtime.CompilerServices;

namespace Percheron.Kernels;

/// <summary>Covers outputs × activation rows with tiles: the one place where blocking and remainders are decided.</summary>
internal static class TileDriver
{
    /// <summary>Activation rows that stay in the second-level cache while the weights pass by.</summary>
    private const int Block = 32;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TTile>(in Product p, int n, int from, int to)
        where TTile : struct, ITile
    {
        for (int first = 0; first < n; first += Block)
        {
            int end = Math.Min(n, first + Block);
            int o = from;
            for (; o + 2 <= to; o += 2)
            {
                int t = first;
                for (; TTile.MaxRows >= 4 && t + 4 <= end; t += 4) TTile.TwoByFour(in p, o, t);
                for (; TTile.MaxRows >= 3 && t + 3 <= end; t += 3) TTile.TwoByThree(in p, o, t);
                for (; t + 2 <= end; t += 2) TTile.TwoByTwo(in p, o, t);
                if (t < end) TTile.TwoByOne(in p, o, t);
            }
            if (o < to)
                for (int t = first; t < end; t++) TTile.OneByOne(in p, o, t);
        }
    }
}
