using System.Runtime.CompilerServices;

namespace Percheron.Kernels;

/// <summary>
/// Products of packed Q4_K weights with <see cref="ActivationsQ8K"/>. The sum of a super-block, the scales of its sub-blocks included, is an exact integer, and so is that of its
/// minima; a lane adds each, times (weight scale × activation scale), by one FMA. There is no horizontal sum.
/// </summary>
internal readonly unsafe struct Q4_KTile<TLanes, TBytes> : IGroupTile
    where TLanes : unmanaged, ILanes<TLanes>
    where TBytes : unmanaged, IGroupBytes<TBytes, TLanes>
{
    public static int MaxRows => SuperBlock.MaxRows<TLanes>();

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TCount>(in GroupProduct p, byte* group, byte* x, float* y)
        where TCount : struct, IRowCount
    {
        nint stride = (nint)p.InputRowBytes;
        byte* sums = x + ActivationsQ8K.WideSumsAt(p.Columns), scales = x + ActivationsQ8K.ScalesAt(p.Columns);
        for (int r = 0; r < TCount.Value; r++) TLanes.Store(TLanes.Zero, y + (16 * r));
        for (nint b = 0; b < p.Columns / 256; b++, group += PackedQ4_K.GroupBytes, x += 256, sums += 16, scales += 4)
        {
            Minima<TCount>(group, sums, scales, stride, y);
            Quants<TCount>(group, x, scales, stride, y);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Quants<TCount>(byte* group, byte* x0, byte* inputScale, nint stride, float* y)
        where TCount : struct, IRowCount
    {
        byte* x1 = x0 + stride, x2 = x1 + stride, x3 = x2 + stride, x4 = x3 + stride, x5 = x4 + stride, x6 = x5 + stride, x7 = x6 + stride, q = group + PackedQ4_K.QuantsAt;
        TLanes s0 = TLanes.Zero, s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
        TBytes low = TBytes.Broadcast(15), scales = PackedQ4_K.FirstScales<TBytes, TLanes>(group);
        for (nint c = 0; c < 256; c += 16)
        {
            if (c == 128) scales = PackedQ4_K.LastScales<TBytes, TLanes>(group);
            TBytes a0 = TBytes.Zero, a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0, a6 = a0, a7 = a0;
            for (nint end = c + 16; c < end; c += 4, q += 64)
            {
                Prefetch.Ahead(q);
                TBytes v = TBytes.Load(q), w0 = TBytes.And(v, low), w1 = TBytes.And(TBytes.ShiftRight(v, 4), low);
                a0 = Add(a0, w0, w1, x0 + c);
                if (TCount.Value > 1) a1 = Add(a1, w0, w1, x1 + c);
                if (TCount.Value > 2) a2 = Add(a2, w0, w1, x2 + c);
                if (TCount.Value > 3) a3 = Add(a3, w0, w1, x3 + c);
                if (TCount.Value > 4) a4 = Add(a4, w0, w1, x4 + c);
                if (TCount.Value > 5) a5 = Add(a5, w0, w1, x5 + c);
                if (TCount.Value > 6) a6 = Add(a6, w0, w1, x6 + c);
                if (TCount.Value > 7) a7 = Add(a7, w0, w1, x7 + c);
            }
            TBytes scale = TBytes.Twice(scales);
            scales = TBytes.ShiftRight(scales, 8);
            s0 = TBytes.AddScaled(s0, a0, scale);
            if (TCount.Value > 1) s1 = TBytes.AddScaled(s1, a1, scale);
            if (TCount.Value > 2) s2 = TBytes.AddScaled(s2, a2, scale);
            if (TCount.Value > 3) s3 = TBytes.AddScaled(s3, a3, scale);
            if (TCount.Value > 4) s4 = TBytes.AddScaled(s4, a4, scale);
            if (TCount.Value > 5) s5 = TBytes.AddScaled(s5, a5, scale);
            if (TCount.Value > 6) s6 = TBytes.AddScaled(s6, a6, scale);
            if (TCount.Value > 7) s7 = TBytes.AddScaled(s7, a7, scale);
        }
        SuperBlock.Add<TCount, TLanes>(TLanes.LoadHalf((ushort*)group), inputScale, stride, y, s0, s1, s2, s3, s4, s5, s6, s7);
    }

    /// <summary>Takes off the minima: each times the sum of its 32 activations.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Minima<TCount>(byte* group, byte* x0, byte* inputScale, nint stride, float* y)
        where TCount : struct, IRowCount
    {
        byte* x1 = x0 + stride, x2 = x1 + stride, x3 = x2 + stride, x4 = x3 + stride, x5 = x4 + stride, x6 = x5 + stride, x7 = x6 + stride;
        TLanes s0 = TLanes.Zero, s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
        TBytes minima = PackedQ4_K.FirstMinima<TBytes, TLanes>(group);
        for (nint c = 0; c < 16; c += 4)
        {
            if (c == 8) minima = PackedQ4_K.LastMinima<TBytes, TLanes>(group);
            TBytes minimum = TBytes.Pair(minima);
            minima = TBytes.ShiftRight(minima, 16);
            s0 = TBytes.AddShorts(s0, minimum, TBytes.BroadcastFour(x0 + c));
            if (TCount.Value > 1) s1 = TBytes.AddShorts(s1, minimum, TBytes.BroadcastFour(x1 + c));
            if (TCount.Value > 2) s2 = TBytes.AddShorts(s2, minimum, TBytes.BroadcastFour(x2 + c));
            if (TCount.Value > 3) s3 = TBytes.AddShorts(s3, minimum, TBytes.BroadcastFour(x3 + c));
            if (TCount.Value > 4) s4 = TBytes.AddShorts(s4, minimum, TBytes.BroadcastFour(x4 + c));
            if (TCount.Value > 5) s5 = TBytes.AddShorts(s5, minimum, TBytes.BroadcastFour(x5 + c));
            if (TCount.Value > 6) s6 = TBytes.AddShorts(s6, minimum, TBytes.BroadcastFour(x6 + c));
            if (TCount.Value > 7) s7 = TBytes.AddShorts(s7, minimum, TBytes.BroadcastFour(x7 + c));
        }
        TLanes scale = TLanes.Subtract(TLanes.Zero, TLanes.LoadHalf((ushort*)group + 16));
        SuperBlock.Add<TCount, TLanes>(scale, inputScale, stride, y, s0, s1, s2, s3, s4, s5, s6, s7);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TBytes Add(TBytes partial, TBytes first, TBytes second, byte* x) =>
        TBytes.AddProducts(TBytes.AddProducts(partial, first, TBytes.BroadcastFour(x)), second, TBytes.BroadcastFour(x + 16));
}
