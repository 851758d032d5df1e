using System.Runtime.CompilerServices;

namespace Percheron.Kernels;

/// <summary>Sum of an array and a scaled one.</summary>
public static unsafe class ScaleAdd
{
    /// <summary>y[i] = scale · a[i] + b[i], rounded once; y may be a or b.</summary>
    public static void Apply(float* a, float scale, float* b, float* y, int count) => Elementwise.Run<Operation>(a, b, y, count, scale);

    private readonly struct Operation : IElementOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TLanes Of<TLanes>(TLanes a, TLanes b, float parameter)
            where TLanes : unmanaged, ILanes<TLanes> => TLanes.Fma(a, TLanes.Broadcast(parameter), b);
    }
}
