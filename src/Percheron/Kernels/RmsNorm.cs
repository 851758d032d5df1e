using System.Runtime.CompilerServices;

namespace Percheron.Kernels;

/// <summary>Root-mean-square normalisation of one row. Source: Zhang and Sennrich 2019, equation 4.</summary>
public static unsafe class RmsNorm
{
    /// <summary>y = x ÷ √(mean(x²) + epsilon) · weight over <paramref name="columns"/> elements; y may be x.</summary>
    public static void Apply(float* x, float* weight, int columns, float epsilon, float* y)
    {
        switch (InstructionSet.Active)
        {
            case InstructionLevel.Avx512: Run<Lanes512>(x, weight, columns, epsilon, y); break;
            case InstructionLevel.Avx2: Run<Lanes256>(x, weight, columns, epsilon, y); break;
            case InstructionLevel.AdvSimd: Run<Lanes128>(x, weight, columns, epsilon, y); break;
            default: Run<LanesScalar>(x, weight, columns, epsilon, y); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TLanes>(float* x, float* weight, int columns, float epsilon, float* y)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes factor = TLanes.Broadcast(1f / MathF.Sqrt((Reduction.SumOfSquares<TLanes>(x, columns) / columns) + epsilon));
        int whole = columns & ~15, rest = columns & 15;
        for (int i = 0; i < whole; i += 16) TLanes.Store(TLanes.Multiply(TLanes.Multiply(TLanes.Load(x + i), factor), TLanes.Load(weight + i)), y + i);
        if (rest == 0) return;
        TLanes tail = TLanes.Multiply(Partial.Load<TLanes>(x + whole, rest), factor);
        Partial.Store(TLanes.Multiply(tail, Partial.Load<TLanes>(weight + whole, rest)), y + whole, rest);
    }
}
