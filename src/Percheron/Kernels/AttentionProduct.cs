using System.Runtime.CompilerServices;

namespace Percheron.Kernels;

/// <summary>The product of <see cref="AttentionOperands"/>: each element is one chain of FMAs in the order of k, whatever stands beside it.</summary>
/// <remarks>Nothing here is inlined: merged into its callers the compiler runs out of budget and calls a function for every FMA, eight times slower.</remarks>
internal static unsafe class AttentionProduct<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary>All of <paramref name="rows"/> rows from row <paramref name="row"/> on.</summary>
    public static void Run(in AttentionOperands o, int row, int rows)
    {
        int end = row + rows;
        if (TLanes.TileRows == 4)
            for (; row + 4 <= end; row += 4) Four(in o, row);
        for (; row + 2 <= end; row += 2) Two(in o, row);
        if (row < end) One(in o, row);
    }

    // Eight chains hide the latency of the FMA where two of them start in a cycle.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Four(in AttentionOperands o, int row)
    {
        float* a0 = o.A + (row * o.AStride), a1 = a0 + o.AStride, a2 = a1 + o.AStride, a3 = a2 + o.AStride;
        nint depth = o.Depth, step = o.Step, vector = o.Vector;
        for (int v = 0; v < o.Vectors; v += 2)
        {
            float* b = o.B + (v * vector), c0 = o.C + (row * o.CStride) + (v * 16), c1 = c0 + o.CStride, c2 = c1 + o.CStride, c3 = c2 + o.CStride;
            TLanes s00 = TLanes.Zero, s01 = s00, s10 = s00, s11 = s00, s20 = s00, s21 = s00, s30 = s00, s31 = s00;
            if (o.Adds)
            {
                (s00, s01, s10, s11) = (TLanes.Load(c0), TLanes.Load(c0 + 16), TLanes.Load(c1), TLanes.Load(c1 + 16));
                (s20, s21, s30, s31) = (TLanes.Load(c2), TLanes.Load(c2 + 16), TLanes.Load(c3), TLanes.Load(c3 + 16));
            }
            for (nint k = 0; k < depth; k++, b += step)
            {
                TLanes left = TLanes.Load(b), right = TLanes.Load(b + vector);
                TLanes x = TLanes.Broadcast(a0[k]), y = TLanes.Broadcast(a1[k]);
                s00 = TLanes.Fma(left, x, s00);
                s01 = TLanes.Fma(right, x, s01);
                s10 = TLanes.Fma(left, y, s10);
                s11 = TLanes.Fma(right, y, s11);
                x = TLanes.Broadcast(a2[k]);
                y = TLanes.Broadcast(a3[k]);
                s20 = TLanes.Fma(left, x, s20);
                s21 = TLanes.Fma(right, x, s21);
                s30 = TLanes.Fma(left, y, s30);
                s31 = TLanes.Fma(right, y, s31);
            }
            TLanes.Store(s00, c0);
            TLanes.Store(s01, c0 + 16);
            TLanes.Store(s10, c1);
            TLanes.Store(s11, c1 + 16);
            TLanes.Store(s20, c2);
            TLanes.Store(s21, c2 + 16);
            TLanes.Store(s30, c3);
            TLanes.Store(s31, c3 + 16);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Two(in AttentionOperands o, int row)
    {
        float* a0 = o.A + (row * o.AStride), a1 = a0 + o.AStride;
        nint depth = o.Depth, step = o.Step, vector = o.Vector;
        for (int v = 0; v < o.Vectors; v += 2)
        {
            float* b = o.B + (v * vector), c0 = o.C + (row * o.CStride) + (v * 16), c1 = c0 + o.CStride;
            TLanes s00 = TLanes.Zero, s01 = s00, s10 = s00, s11 = s00;
            if (o.Adds) (s00, s01, s10, s11) = (TLanes.Load(c0), TLanes.Load(c0 + 16), TLanes.Load(c1), TLanes.Load(c1 + 16));
            for (nint k = 0; k < depth; k++, b += step)
            {
                TLanes left = TLanes.Load(b), right = TLanes.Load(b + vector);
                TLanes x = TLanes.Broadcast(a0[k]), y = TLanes.Broadcast(a1[k]);
                s00 = TLanes.Fma(left, x, s00);
                s01 = TLanes.Fma(right, x, s01);
                s10 = TLanes.Fma(left, y, s10);
                s11 = TLanes.Fma(right, y, s11);
            }
            TLanes.Store(s00, c0);
            TLanes.Store(s01, c0 + 16);
            TLanes.Store(s10, c1);
            TLanes.Store(s11, c1 + 16);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void One(in AttentionOperands o, int row)
    {
        float* a = o.A + (row * o.AStride);
        nint depth = o.Depth, step = o.Step, vector = o.Vector;
        for (int v = 0; v < o.Vectors; v += 2)
        {
            float* b = o.B + (v * vector), c = o.C + (row * o.CStride) + (v * 16);
            TLanes s0 = o.Adds ? TLanes.Load(c) : TLanes.Zero, s1 = o.Adds ? TLanes.Load(c + 16) : TLanes.Zero;
            for (nint k = 0; k < depth; k++, b += step)
            {
                TLanes x = TLanes.Broadcast(a[k]);
                s0 = TLanes.Fma(TLanes.Load(b), x, s0);
                s1 = TLanes.Fma(TLanes.Load(b + vector), x, s1);
            }
            TLanes.Store(s0, c);
            TLanes.Store(s1, c + 16);
        }
    }
}
