using System.Runtime.CompilerServices;

namespace Percheron.Kernels;

/// <summary>Sigmoid linear unit, silu(x) = x ÷ (1 + e^−x).</summary>
public static unsafe class Silu
{
    /// <summary>y[i] = silu(x[i]); y may be x.</summary>
    public static void Apply(float* x, float* y, int count) => Elementwise.Run<Operation>(x, x, y, count);

    private readonly struct Operation : IElementOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TLanes Of<TLanes>(TLanes x, TLanes unused)
            where TLanes : unmanaged, ILanes<TLanes> =>
            TLanes.Divide(x, TLanes.Add(TLanes.Broadcast(1f), Exponential.Of(TLanes.Subtract(TLanes.Zero, x))));
    }
}
