using System.Runtime.CompilerServices;

namespace Percheron.Kernels;

/// <summary>Gaussian error linear unit, x · Φ(x), in the two forms models use.</summary>
public static unsafe class Gelu
{
    /// <summary>GPT-2's form: ½ x (1 + tanh(√(2/π) (x + 0.044715 x³))); y may be x.</summary>
    public static void Tanh(float* x, float* y, int count) => Elementwise.Run<TanhOperation>(x, x, y, count);

    /// <summary>The exact form: ½ x (1 + erf(x ÷ √2)), to about 2e-7 of its size near zero; y may be x.</summary>
    public static void Erf(float* x, float* y, int count) => Elementwise.Run<ErfOperation>(x, x, y, count);

    /// <summary>½ (1 + tanh u) = 1 ÷ (1 + e^−2u), which has no cancellation.</summary>
    private readonly struct TanhOperation : IElementOperation
    {
        private const float Outer = -2f * 0.7978845608028654f;
        private const float Cubic = Outer * 0.044715f;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TLanes Of<TLanes>(TLanes x, TLanes unused)
            where TLanes : unmanaged, ILanes<TLanes>
        {
            TLanes inner = TLanes.Fma(TLanes.Multiply(x, x), TLanes.Broadcast(Cubic), TLanes.Broadcast(Outer));
            return TLanes.Divide(x, TLanes.Add(TLanes.Broadcast(1f), Exponential.Of(TLanes.Multiply(inner, x))));
        }
    }

    /// <summary>
    /// erfc(z) = t · exp(−z² + P(t)) with t = 1 ÷ (1 + z/2) and the Chebyshev fit P of relative error 1.2e-7.
    /// Source: Press et al., Numerical Recipes, section 6.2.
    /// </summary>
    private readonly struct ErfOperation : IElementOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TLanes Of<TLanes>(TLanes x, TLanes unused)
            where TLanes : unmanaged, ILanes<TLanes>
        {
            TLanes one = TLanes.Broadcast(1f), half = TLanes.Broadcast(0.5f);
            TLanes z = TLanes.Multiply(TLanes.Abs(x), TLanes.Broadcast(0.70710678118654752f));
            TLanes t = TLanes.Divide(one, TLanes.Fma(z, half, one));
            TLanes p = TLanes.Fma(t, TLanes.Broadcast(0.17087277f), TLanes.Broadcast(-0.82215223f));
            p = TLanes.Fma(t, p, TLanes.Broadcast(1.48851587f));
            p = TLanes.Fma(t, p, TLanes.Broadcast(-1.13520398f));
            p = TLanes.Fma(t, p, TLanes.Broadcast(0.27886807f));
            p = TLanes.Fma(t, p, TLanes.Broadcast(-0.18628806f));
            p = TLanes.Fma(t, p, TLanes.Broadcast(0.09678418f));
            p = TLanes.Fma(t, p, TLanes.Broadcast(0.37409196f));
            p = TLanes.Fma(t, p, TLanes.Broadcast(1.00002368f));
            p = TLanes.Fma(t, p, TLanes.Broadcast(-1.26551223f));
            TLanes exponent = TLanes.Fma(TLanes.Subtract(TLanes.Zero, z), z, p);
            TLanes tail = TLanes.Multiply(TLanes.Multiply(half, t), Exponential.Of(exponent));
            return TLanes.Multiply(x, TLanes.WhereGreater(TLanes.Zero, x, tail, TLanes.Subtract(one, tail)));
        }
    }
}
