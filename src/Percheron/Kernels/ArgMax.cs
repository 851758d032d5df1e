using System.Numerics;
using System.Runtime.CompilerServices;

namespace Percheron.Kernels;

/// <summary>Index of the largest element.</summary>
public static unsafe class ArgMax
{
    /// <summary>The lowest index of the largest element; NaN is never chosen while there is a number. 0 where all are NaN or there are none.</summary>
    public static int Of(float* x, int count)
    {
        float max = Max(x, count);
        // Nothing lies below −∞, so looking for what is above the value before it would not find it.
        if (max == float.NegativeInfinity) return Math.Max(new ReadOnlySpan<float>(x, count).IndexOf(max), 0);
        float below = MathF.BitDecrement(max);
        return InstructionSet.Active switch
        {
            InstructionLevel.Avx512 => First<Lanes512>(x, count, below),
            InstructionLevel.Avx2 => First<Lanes256>(x, count, below),
            InstructionLevel.AdvSimd => First<Lanes128>(x, count, below),
            _ => First<LanesScalar>(x, count, below),
        };
    }

    /// <inheritdoc cref="Of(float*, int)"/>
    public static int Of(ReadOnlySpan<float> x)
    {
        fixed (float* p = x) return Of(p, x.Length);
    }

    /// <summary>The largest element, NaN passed over; −∞ where there is none.</summary>
    internal static float Max(ReadOnlySpan<float> x)
    {
        fixed (float* p = x) return Max(p, x.Length);
    }

    private static float Max(float* x, int count) => InstructionSet.Active switch
    {
        InstructionLevel.Avx512 => Max<Lanes512>(x, count),
        InstructionLevel.Avx2 => Max<Lanes256>(x, count),
        InstructionLevel.AdvSimd => Max<Lanes128>(x, count),
        _ => Max<LanesScalar>(x, count),
    };

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Max<TLanes>(float* x, int count)
        where TLanes : unmanaged, ILanes<TLanes> => Reduction.Max<TLanes>(x, count);

    // There is one.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int First<TLanes>(float* x, int count, float floor)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes bound = TLanes.Broadcast(floor);
        int i = 0;
        for (; i + 16 <= count; i += 16)
            if (TLanes.Above(TLanes.Load(x + i), bound) is > 0 and var bits) return i + BitOperations.TrailingZeroCount(bits);
        while (!(x[i] > floor)) i++;
        return i;
    }
}
