using System.Runtime.CompilerServices;

namespace Percheron.Kernels;

/// <summary>Index of the largest element.</summary>
public static unsafe class ArgMax
{
    /// <summary>The lowest index of the largest element; NaN is never chosen while there is a number. 0 where all are NaN or there are none.</summary>
    public static int Of(float* x, int count)
    {
        float max = InstructionSet.Active switch
        {
            InstructionLevel.Avx512 => Max<Lanes512>(x, count),
            InstructionLevel.Avx2 => Max<Lanes256>(x, count),
            InstructionLevel.AdvSimd => Max<Lanes128>(x, count),
            _ => Max<LanesScalar>(x, count),
        };
        int at = new ReadOnlySpan<float>(x, count).IndexOf(max);
        return Math.Max(at, 0);
    }

    /// <inheritdoc cref="Of(float*, int)"/>
    public static int Of(ReadOnlySpan<float> x)
    {
        fixed (float* p = x) return Of(p, x.Length);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Max<TLanes>(float* x, int count)
        where TLanes : unmanaged, ILanes<TLanes> => Reduction.Max<TLanes>(x, count);
}
