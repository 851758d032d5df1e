using System.Runtime.CompilerServices;

namespace Percheron.Kernels;

/// <summary>Covers outputs × activation rows of a float product with tiles: the one place where blocking and remainders are decided.</summary>
internal static class FloatDriver
{
    /// <summary>Activation rows that stay in the second-level cache while the weights pass by.</summary>
    private const int Block = 32;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TLanes, TStored>(in Product p, int n, int from, int to)
        where TLanes : unmanaged, ILanes<TLanes>
        where TStored : struct, IFloatWeights
    {
        for (int first = 0; first < n; first += Block)
        {
            int end = Math.Min(n, first + Block);
            int o = from;
            for (; o + 2 <= to; o += 2)
            {
                int t = first;
                for (; TLanes.TileRows >= 4 && t + 4 <= end; t += 4) FloatTile<TLanes, TStored>.TwoByFour(in p, o, t);
                for (; TLanes.TileRows >= 3 && t + 3 <= end; t += 3) FloatTile<TLanes, TStored>.TwoByThree(in p, o, t);
                for (; t + 2 <= end; t += 2) FloatTile<TLanes, TStored>.TwoByTwo(in p, o, t);
                if (t < end) FloatTile<TLanes, TStored>.TwoByOne(in p, o, t);
            }
            if (o < to)
                for (int t = first; t < end; t++) FloatTile<TLanes, TStored>.OneByOne(in p, o, t);
        }
    }
}
