using System.Runtime.CompilerServices;

namespace Percheron.Kernels;

/// <summary>Sum of two arrays.</summary>
public static unsafe class Add
{
    /// <summary>y[i] = a[i] + b[i]; y may be a or b.</summary>
    public static void Apply(float* a, float* b, float* y, int count) => Elementwise.Run<Operation>(a, b, y, count);

    private readonly struct Operation : IElementOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TLanes Of<TLanes>(TLanes a, TLanes b)
            where TLanes : unmanaged, ILanes<TLanes> => TLanes.Add(a, b);
    }
}
