using System.Runtime.CompilerServices;

namespace Percheron.Kernels;

/// <summary>y = f(a, b) for one pair of elements, on sixteen lanes at once.</summary>
internal interface IElementOperation
{
    static abstract TLanes Of<TLanes>(TLanes a, TLanes b)
        where TLanes : unmanaged, ILanes<TLanes>;
}

/// <summary>
/// Driver of operations on elements. The remainder takes the same lane operations, padded, so the result for an element depends on neither the length of
/// the array nor the element's place in it.
/// </summary>
internal static unsafe class Elementwise
{
    /// <summary>y[i] = f(a[i], b[i]); the arrays may coincide but not overlap otherwise.</summary>
    public static void Run<TOperation>(float* a, float* b, float* y, int count)
        where TOperation : struct, IElementOperation
    {
        switch (InstructionSet.Active)
        {
            case InstructionLevel.Avx512: Run<Lanes512, TOperation>(a, b, y, count); break;
            case InstructionLevel.Avx2: Run<Lanes256, TOperation>(a, b, y, count); break;
            case InstructionLevel.AdvSimd: Run<Lanes128, TOperation>(a, b, y, count); break;
            default: Run<LanesScalar, TOperation>(a, b, y, count); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TLanes, TOperation>(float* a, float* b, float* y, int count)
        where TLanes : unmanaged, ILanes<TLanes>
        where TOperation : struct, IElementOperation
    {
        int whole = count & ~15, rest = count & 15;
        for (int i = 0; i < whole; i += 16) TLanes.Store(TOperation.Of(TLanes.Load(a + i), TLanes.Load(b + i)), y + i);
        if (rest > 0) Partial.Store(TOperation.Of(Partial.Load<TLanes>(a + whole, rest), Partial.Load<TLanes>(b + whole, rest)), y + whole, rest);
    }
}
