using System.Runtime.CompilerServices;

namespace Percheron.Kernels;

/// <summary>Reductions over a row: lane i takes elements i, i + 16, … in order, then the lanes are folded.</summary>
internal static unsafe class Reduction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum<TLanes>(float* x, int count)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes sum = TLanes.Zero;
        int whole = count & ~15, rest = count & 15;
        for (int i = 0; i < whole; i += 16) sum = TLanes.Add(sum, TLanes.Load(x + i));
        if (rest > 0) sum = TLanes.Add(sum, Partial.Load<TLanes>(x + whole, rest));
        return TLanes.Sum(sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float SumOfSquares<TLanes>(float* x, int count)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes sum = TLanes.Zero;
        int whole = count & ~15, rest = count & 15;
        for (int i = 0; i < whole; i += 16)
        {
            TLanes v = TLanes.Load(x + i);
            sum = TLanes.Fma(v, v, sum);
        }
        if (rest > 0)
        {
            TLanes v = Partial.Load<TLanes>(x + whole, rest);
            sum = TLanes.Fma(v, v, sum);
        }
        return TLanes.Sum(sum);
    }

    /// <summary>The largest element, NaN passed over; −∞ where there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Max<TLanes>(float* x, int count)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes most = TLanes.Broadcast(float.NegativeInfinity), second = most, third = most, fourth = most;
        int whole = count & ~15, at = 0;
        // Four chains: one comparison does not wait for the one before.
        for (; at + 64 <= whole; at += 64)
        {
            most = Larger(TLanes.Load(x + at), most);
            second = Larger(TLanes.Load(x + at + 16), second);
            third = Larger(TLanes.Load(x + at + 32), third);
            fourth = Larger(TLanes.Load(x + at + 48), fourth);
        }
        for (; at < whole; at += 16) most = Larger(TLanes.Load(x + at), most);
        most = Larger(Larger(second, most), Larger(fourth, third));
        float* lanes = stackalloc float[16];
        TLanes.Store(most, lanes);
        float result = float.NegativeInfinity;
        for (int i = 0; i < 16; i++) result = lanes[i] > result ? lanes[i] : result;
        for (int i = whole; i < count; i++) result = x[i] > result ? x[i] : result;
        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Larger<TLanes>(TLanes a, TLanes b)
        where TLanes : unmanaged, ILanes<TLanes> => TLanes.WhereGreater(a, b, a, b);
}
