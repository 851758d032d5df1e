using System.Runtime.CompilerServices;

namespace Percheron.Kernels;

/// <summary>The functions small networks put on each of their activations, in place.</summary>
public static unsafe class Activation
{
    /// <summary>x, or 0 where x is negative or not a number.</summary>
    public static void Relu(Span<float> x)
    {
        fixed (float* p = x) Elementwise.Run<ReluOperation>(p, p, p, x.Length);
    }

    /// <summary>x ÷ (1 + e^−x).</summary>
    public static void Silu(Span<float> x)
    {
        fixed (float* p = x) Kernels.Silu.Apply(p, p, x.Length);
    }

    /// <summary>½ x (1 + erf(x ÷ √2)).</summary>
    public static void Gelu(Span<float> x)
    {
        fixed (float* p = x) Kernels.Gelu.Erf(p, p, x.Length);
    }

    /// <summary>1 ÷ (1 + e^−x).</summary>
    public static void Sigmoid(Span<float> x)
    {
        fixed (float* p = x) Elementwise.Run<SigmoidOperation>(p, p, p, x.Length);
    }

    /// <summary>a[i] + b[i] into a.</summary>
    public static void Add(Span<float> a, ReadOnlySpan<float> b)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(b.Length, a.Length);
        fixed (float* p = a, q = b) Elementwise.Run<AddOperation>(p, q, p, a.Length);
    }

    private readonly struct ReluOperation : IElementOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TLanes Of<TLanes>(TLanes x, TLanes unused)
            where TLanes : unmanaged, ILanes<TLanes> => TLanes.WhereGreater(x, TLanes.Zero, x, TLanes.Zero);
    }

    private readonly struct SigmoidOperation : IElementOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TLanes Of<TLanes>(TLanes x, TLanes unused)
            where TLanes : unmanaged, ILanes<TLanes> =>
            TLanes.Divide(TLanes.Broadcast(1f), TLanes.Add(TLanes.Broadcast(1f), Exponential.Of(TLanes.Subtract(TLanes.Zero, x))));
    }

    private readonly struct AddOperation : IElementOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TLanes Of<TLanes>(TLanes a, TLanes b)
            where TLanes : unmanaged, ILanes<TLanes> => TLanes.Add(a, b);
    }
}
