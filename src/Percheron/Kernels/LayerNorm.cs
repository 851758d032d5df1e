using System.Runtime.CompilerServices;

namespace Percheron.Kernels;

/// <summary>Layer normalisation of one row. Source: Ba, Kiros and Hinton 2016.</summary>
public static unsafe class LayerNorm
{
    /// <summary>y = (x − mean) ÷ √(variance + epsilon) · weight + bias over <paramref name="columns"/> elements; <paramref name="bias"/> may be null, y may be x.</summary>
    public static void Apply(float* x, float* weight, float* bias, int columns, float epsilon, float* y)
    {
        switch (InstructionSet.Active)
        {
            case InstructionLevel.Avx512: Run<Lanes512>(x, weight, bias, columns, epsilon, y); break;
            case InstructionLevel.Avx2: Run<Lanes256>(x, weight, bias, columns, epsilon, y); break;
            case InstructionLevel.AdvSimd: Run<Lanes128>(x, weight, bias, columns, epsilon, y); break;
            default: Run<LanesScalar>(x, weight, bias, columns, epsilon, y); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TLanes>(float* x, float* weight, float* bias, int columns, float epsilon, float* y)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        // The differences are stored before they are squared, so that the padding of the last block stays zero instead of −mean.
        TLanes mean = TLanes.Broadcast(Reduction.Sum<TLanes>(x, columns) / columns);
        int whole = columns & ~15, rest = columns & 15;
        for (int i = 0; i < whole; i += 16) TLanes.Store(TLanes.Subtract(TLanes.Load(x + i), mean), y + i);
        if (rest > 0) Partial.Store(TLanes.Subtract(Partial.Load<TLanes>(x + whole, rest), mean), y + whole, rest);

        TLanes factor = TLanes.Broadcast(1f / MathF.Sqrt((Reduction.SumOfSquares<TLanes>(y, columns) / columns) + epsilon));
        for (int i = 0; i < columns; i += 16)
        {
            int count = Math.Min(16, columns - i);
            TLanes v = TLanes.Multiply(Read<TLanes>(y + i, count), factor), w = Read<TLanes>(weight + i, count);
            v = TLanes.Fma(v, w, bias == null ? TLanes.Zero : Read<TLanes>(bias + i, count));
            if (count == 16) TLanes.Store(v, y + i);
            else Partial.Store(v, y + i, count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Read<TLanes>(float* source, int count)
        where TLanes : unmanaged, ILanes<TLanes> => count == 16 ? TLanes.Load(source) : Partial.Load<TLanes>(source, count);
}
