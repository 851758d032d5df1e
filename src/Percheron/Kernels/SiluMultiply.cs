using System.Runtime.CompilerServices;

namespace Percheron.Kernels;

/// <summary>The gate of SwiGLU: silu(gate) · up with silu(x) = x ÷ (1 + e^−x).</summary>
public static unsafe class SiluMultiply
{
    /// <summary>y[i] = silu(gate[i]) · up[i]; y may be gate or up.</summary>
    public static void Apply(float* gate, float* up, float* y, int count) => Elementwise.Run<Operation>(gate, up, y, count);

    private readonly struct Operation : IElementOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TLanes Of<TLanes>(TLanes gate, TLanes up)
            where TLanes : unmanaged, ILanes<TLanes>
        {
            TLanes decay = Exponential.Of(TLanes.Subtract(TLanes.Zero, gate));
            return TLanes.Multiply(TLanes.Divide(gate, TLanes.Add(TLanes.Broadcast(1f), decay)), up);
        }
    }
}
