using System.Runtime.CompilerServices;

namespace Percheron.Kernels;

/// <summary>
/// Products of packed Q6_K weights with <see cref="ActivationsQ8K"/>. The sum of a super-block, the scales of its sub-blocks included, is an exact integer; a lane adds it, times
/// (weight scale × activation scale), by one FMA. There is no horizontal sum.
/// </summary>
internal readonly unsafe struct Q6_KTile<TLanes, TBytes> : IGroupTile
    where TLanes : unmanaged, ILanes<TLanes>
    where TBytes : unmanaged, IGroupBytes<TBytes, TLanes>
{
    public static int MaxRows => SuperBlock.MaxRows<TLanes>();

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TCount>(in GroupProduct p, byte* group, byte* x, float* y)
        where TCount : struct, IRowCount
    {
        nint stride = (nint)p.InputRowBytes;
        byte* sums = x + ActivationsQ8K.SumsAt(p.Columns), scales = x + ActivationsQ8K.ScalesAt(p.Columns);
        for (int r = 0; r < TCount.Value; r++) TLanes.Store(TLanes.Zero, y + (16 * r));
        for (nint b = 0; b < p.Columns / 256; b++, group += PackedQ6_K.GroupBytes, x += 256, sums += 32, scales += 4)
        {
            TLanes s0 = TLanes.Zero, s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
            Offsets<TCount>(group, sums, stride, ref s0, ref s1, ref s2, ref s3, ref s4, ref s5, ref s6, ref s7);
            Quants<TCount>(group, x, stride, ref s0, ref s1, ref s2, ref s3, ref s4, ref s5, ref s6, ref s7);
            SuperBlock.Add<TCount, TLanes>(TLanes.LoadHalf((ushort*)group), scales, stride, y, s0, s1, s2, s3, s4, s5, s6, s7);
        }
    }

    /// <summary>Starts the sums at what the offset of the quants adds too much: −32 · scale · sum of the activations, for each sub-block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Offsets<TCount>(
        byte* group, byte* x0, nint stride, ref TLanes s0, ref TLanes s1, ref TLanes s2, ref TLanes s3, ref TLanes s4, ref TLanes s5, ref TLanes s6, ref TLanes s7)
        where TCount : struct, IRowCount
    {
        byte* x1 = x0 + stride, x2 = x1 + stride, x3 = x2 + stride, x4 = x3 + stride, x5 = x4 + stride, x6 = x5 + stride, x7 = x6 + stride;
        TBytes scales = TBytes.Zero;
        for (nint c = 0; c < 32; c += 4)
        {
            scales = (c & 4) == 0 ? TBytes.Load(group + PackedQ6_K.ScalesAt + (8 * c)) : TBytes.ShiftRight(scales, 16);
            TBytes pair = TBytes.PairTimes32(scales);
            s0 = TBytes.AddShorts(s0, pair, TBytes.BroadcastFour(x0 + c));
            if (TCount.Value > 1) s1 = TBytes.AddShorts(s1, pair, TBytes.BroadcastFour(x1 + c));
            if (TCount.Value > 2) s2 = TBytes.AddShorts(s2, pair, TBytes.BroadcastFour(x2 + c));
            if (TCount.Value > 3) s3 = TBytes.AddShorts(s3, pair, TBytes.BroadcastFour(x3 + c));
            if (TCount.Value > 4) s4 = TBytes.AddShorts(s4, pair, TBytes.BroadcastFour(x4 + c));
            if (TCount.Value > 5) s5 = TBytes.AddShorts(s5, pair, TBytes.BroadcastFour(x5 + c));
            if (TCount.Value > 6) s6 = TBytes.AddShorts(s6, pair, TBytes.BroadcastFour(x6 + c));
            if (TCount.Value > 7) s7 = TBytes.AddShorts(s7, pair, TBytes.BroadcastFour(x7 + c));
        }
        s0 = TLanes.SubtractIntegers(TLanes.Zero, s0);
        if (TCount.Value > 1) s1 = TLanes.SubtractIntegers(TLanes.Zero, s1);
        if (TCount.Value > 2) s2 = TLanes.SubtractIntegers(TLanes.Zero, s2);
        if (TCount.Value > 3) s3 = TLanes.SubtractIntegers(TLanes.Zero, s3);
        if (TCount.Value > 4) s4 = TLanes.SubtractIntegers(TLanes.Zero, s4);
        if (TCount.Value > 5) s5 = TLanes.SubtractIntegers(TLanes.Zero, s5);
        if (TCount.Value > 6) s6 = TLanes.SubtractIntegers(TLanes.Zero, s6);
        if (TCount.Value > 7) s7 = TLanes.SubtractIntegers(TLanes.Zero, s7);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Quants<TCount>(
        byte* group, byte* x0, nint stride, ref TLanes s0, ref TLanes s1, ref TLanes s2, ref TLanes s3, ref TLanes s4, ref TLanes s5, ref TLanes s6, ref TLanes s7)
        where TCount : struct, IRowCount
    {
        byte* x1 = x0 + stride, x2 = x1 + stride, x3 = x2 + stride, x4 = x3 + stride, x5 = x4 + stride, x6 = x5 + stride, x7 = x6 + stride, q = group + PackedQ6_K.QuantsAt;
        TBytes scales = TBytes.Zero;
        for (nint c = 0; c < 256; c += 16, q += PackedQ6_K.SubBlockBytes)
        {
            Prefetch.Ahead(q);
            Prefetch.Ahead(q + 64);
            Prefetch.Ahead(q + 128);
            scales = (c & 48) == 0 ? TBytes.Load(group + PackedQ6_K.ScalesAt + c) : TBytes.ShiftRight(scales, 8);
            TBytes scale = TBytes.TwiceSigned(scales);
            (TBytes w0, TBytes w1, TBytes w2, TBytes w3) = PackedQ6_K.Chunks<TBytes, TLanes>(q);
            s0 = Add(s0, w0, w1, w2, w3, scale, x0 + c);
            if (TCount.Value > 1) s1 = Add(s1, w0, w1, w2, w3, scale, x1 + c);
            if (TCount.Value > 2) s2 = Add(s2, w0, w1, w2, w3, scale, x2 + c);
            if (TCount.Value > 3) s3 = Add(s3, w0, w1, w2, w3, scale, x3 + c);
            if (TCount.Value > 4) s4 = Add(s4, w0, w1, w2, w3, scale, x4 + c);
            if (TCount.Value > 5) s5 = Add(s5, w0, w1, w2, w3, scale, x5 + c);
            if (TCount.Value > 6) s6 = Add(s6, w0, w1, w2, w3, scale, x6 + c);
            if (TCount.Value > 7) s7 = Add(s7, w0, w1, w2, w3, scale, x7 + c);
        }
    }

    /// <summary>Partial sums hold two products of 63 and 127, so the scale is applied twice.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Add(TLanes sum, TBytes w0, TBytes w1, TBytes w2, TBytes w3, TBytes scale, byte* x)
    {
        TBytes first = TBytes.AddProducts(TBytes.AddProducts(TBytes.Zero, w0, TBytes.BroadcastFour(x)), w1, TBytes.BroadcastFour(x + 4));
        TBytes last = TBytes.AddProducts(TBytes.AddProducts(TBytes.Zero, w2, TBytes.BroadcastFour(x + 8)), w3, TBytes.BroadcastFour(x + 12));
        return TBytes.AddScaled(TBytes.AddScaled(sum, first, scale), last, scale);
    }
}
