using System.Runtime.CompilerServices;

namespace Percheron.Kernels;

/// <summary>e^(x − max), divided by its sum.</summary>
public static unsafe class Softmax
{
    /// <summary>In place over <paramref name="count"/> elements. −∞ becomes 0; a NaN or +∞ anywhere makes all NaN.</summary>
    public static void Apply(float* x, int count)
    {
        switch (InstructionSet.Active)
        {
            case InstructionLevel.Avx512: Run<Lanes512>(x, count); break;
            case InstructionLevel.Avx2: Run<Lanes256>(x, count); break;
            case InstructionLevel.AdvSimd: Run<Lanes128>(x, count); break;
            default: Run<LanesScalar>(x, count); break;
        }
    }

    /// <summary>In place. −∞ becomes 0; a NaN or +∞ anywhere makes all NaN.</summary>
    public static void Apply(Span<float> x)
    {
        fixed (float* p = x) Apply(p, x.Length);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TLanes>(float* x, int count)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes max = TLanes.Broadcast(Reduction.Max<TLanes>(x, count));
        int whole = count & ~15, rest = count & 15;
        for (int i = 0; i < whole; i += 16) TLanes.Store(Exponential.Of(TLanes.Subtract(TLanes.Load(x + i), max)), x + i);
        if (rest > 0) Partial.Store(Exponential.Of(TLanes.Subtract(Partial.Load<TLanes>(x + whole, rest), max)), x + whole, rest);

        TLanes sum = TLanes.Broadcast(Reduction.Sum<TLanes>(x, count));
        for (int i = 0; i < whole; i += 16) TLanes.Store(TLanes.Divide(TLanes.Load(x + i), sum), x + i);
        if (rest > 0) Partial.Store(TLanes.Divide(Partial.Load<TLanes>(x + whole, rest), sum), x + whole, rest);
    }
}
