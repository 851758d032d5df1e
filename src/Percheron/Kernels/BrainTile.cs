using System.Runtime.CompilerServices;

namespace Percheron.Kernels;

/// <summary>
/// Products of packed bfloat16 weights, widened in registers, with the floats of <see cref="ActivationsBF16"/>. Lane r belongs to row r of a group: its output is one chain of FMAs,
/// pair by pair of columns, of each the second column first, as VDPBF16PS does it. There is no horizontal sum.
/// </summary>
internal readonly unsafe struct BrainTile<TLanes> : IGroupTile
    where TLanes : unmanaged, ILanes<TLanes>
{
    public static int MaxRows => TLanes.TileRows == 4 ? 12 : 4;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TCount>(in GroupProduct p, byte* group, byte* x0, float* y)
        where TCount : struct, IRowCount
    {
        // Four pointers and two multiples of the stride reach twelve rows without running out of registers.
        nint stride = (nint)p.InputRowBytes;
        byte* x3 = x0 + (3 * stride), x6 = x3 + (3 * stride), x9 = x6 + (3 * stride);
        TLanes a0 = TLanes.Zero, a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0, a6 = a0, a7 = a0, a8 = a0, a9 = a0, a10 = a0, a11 = a0;
        for (nint pairs = ActivationsBF16.Padded(p.Columns) / 2; pairs > 0; pairs--, group += 64, x0 += 8, x3 += 8, x6 += 8, x9 += 8)
        {
            Prefetch.Ahead(group);
            TLanes first = TLanes.LoadBrainPairs(group, out TLanes second);
            a0 = Add(a0, first, second, x0);
            if (TCount.Value > 1) a1 = Add(a1, first, second, x0 + stride);
            if (TCount.Value > 2) a2 = Add(a2, first, second, x0 + (2 * stride));
            if (TCount.Value > 3) a3 = Add(a3, first, second, x3);
            if (TCount.Value > 4) a4 = Add(a4, first, second, x3 + stride);
            if (TCount.Value > 5) a5 = Add(a5, first, second, x3 + (2 * stride));
            if (TCount.Value > 6) a6 = Add(a6, first, second, x6);
            if (TCount.Value > 7) a7 = Add(a7, first, second, x6 + stride);
            if (TCount.Value > 8) a8 = Add(a8, first, second, x6 + (2 * stride));
            if (TCount.Value > 9) a9 = Add(a9, first, second, x9);
            if (TCount.Value > 10) a10 = Add(a10, first, second, x9 + stride);
            if (TCount.Value > 11) a11 = Add(a11, first, second, x9 + (2 * stride));
        }
        TLanes.Store(a0, y);
        if (TCount.Value > 1) TLanes.Store(a1, y + 16);
        if (TCount.Value > 2) TLanes.Store(a2, y + 32);
        if (TCount.Value > 3) TLanes.Store(a3, y + 48);
        if (TCount.Value > 4) TLanes.Store(a4, y + 64);
        if (TCount.Value > 5) TLanes.Store(a5, y + 80);
        if (TCount.Value > 6) TLanes.Store(a6, y + 96);
        if (TCount.Value > 7) TLanes.Store(a7, y + 112);
        if (TCount.Value > 8) TLanes.Store(a8, y + 128);
        if (TCount.Value > 9) TLanes.Store(a9, y + 144);
        if (TCount.Value > 10) TLanes.Store(a10, y + 160);
        if (TCount.Value > 11) TLanes.Store(a11, y + 176);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Add(TLanes sum, TLanes first, TLanes second, byte* x) => Add(Add(sum, second, x + 4), first, x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Add(TLanes sum, TLanes w, byte* x) => TLanes.Fma(w, TLanes.Broadcast(*(float*)x), sum);
}
