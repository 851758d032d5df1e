using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Percheron.Kernels;

/// <summary>Covers outputs × activation rows with tiles of one group: the one place where blocking and remainders are decided.</summary>
internal static unsafe class GroupDriver
{
    /// <summary>Activation rows that stay in the second-level cache while the weights pass by.</summary>
    private const int Block = 64;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TTile>(in GroupProduct p, int n, int from, int to)
        where TTile : struct, IGroupTile
    {
        Vector512<float>* results = stackalloc Vector512<float>[12];
        for (int first = 0; first < n; first += Block)
        {
            int end = Math.Min(n, first + Block);
            for (int o = from & ~15; o < to; o += 16)
            {
                byte* group = p.Packed + (o / 16 * p.GroupBytes);
                for (int t = first; t < end;)
                {
                    // Tiles of nearly equal heights: none of them is low, so none wastes what it loads.
                    int left = end - t, tiles = (left + TTile.MaxRows - 1) / TTile.MaxRows, rows = (left + tiles - 1) / tiles;
                    Run<TTile>(in p, group, p.Inputs + (t * p.InputRowBytes), rows, (float*)results);
                    Store((float*)results, rows, Math.Max(from, o), Math.Min(to, o + 16), o, p.Outputs + ((long)t * p.OutputStride), p.OutputStride);
                    t += rows;
                }
            }
        }
    }

    private static void Run<TTile>(in GroupProduct p, byte* group, byte* x, int rows, float* y)
        where TTile : struct, IGroupTile
    {
        switch (rows)
        {
            case 1: TTile.Run<Rows1>(in p, group, x, y); break;
            case 2: TTile.Run<Rows2>(in p, group, x, y); break;
            case 3: TTile.Run<Rows3>(in p, group, x, y); break;
            case 4: TTile.Run<Rows4>(in p, group, x, y); break;
            case 5: TTile.Run<Rows5>(in p, group, x, y); break;
            case 6: TTile.Run<Rows6>(in p, group, x, y); break;
            case 7: TTile.Run<Rows7>(in p, group, x, y); break;
            case 8: TTile.Run<Rows8>(in p, group, x, y); break;
            case 9: TTile.Run<Rows9>(in p, group, x, y); break;
            case 10: TTile.Run<Rows10>(in p, group, x, y); break;
            case 11: TTile.Run<Rows11>(in p, group, x, y); break;
            default: TTile.Run<Rows12>(in p, group, x, y); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* results, int rows, int from, int to, int o, float* y, int stride)
    {
        for (int t = 0; t < rows; t++, y += stride, results += 16)
        {
            if (to - from == 16) Vector512.Load(results).Store(y + o);
            else
                for (int i = from; i < to; i++) y[i] = results[i - o];
        }
    }
}
