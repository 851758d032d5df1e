using System.Runtime.CompilerServices;

namespace Percheron.Kernels;

/// <summary>
/// The one exponential of the library. Every element of every array, and the single value, goes through the same IEEE operations, so the bits depend
/// on the value alone.
/// </summary>
/// <remarks>
/// e^x = 2^k · e^r with k = round(x ÷ ln 2), |r| ≤ ln 2 ÷ 2, and the Taylor polynomial of degree 7 for e^r (truncation 0.05 ulp). 2^k is applied in
/// two halves so that subnormal results round once. Overflow gives infinity, underflow zero, NaN stays NaN.
/// </remarks>
public static unsafe class Exponential
{
    internal const float PerLn2 = 1.44269504088896341f;

    /// <summary>ln 2 in two parts; the first has few enough bits for k × it to be exact.</summary>
    internal const float Ln2High = 0.693145751953125f;
    internal const float Ln2Low = 1.42860682030941723e-6f;

    /// <summary>Adding and subtracting 1.5 · 2^23 rounds to the nearest integer.</summary>
    internal const float Rounder = 12582912f;

    internal const float Highest = 89f;
    internal const float Lowest = -105f;

    /// <summary>y[i] = e^x[i]; y may be x.</summary>
    public static void Apply(float* x, float* y, int count) => Elementwise.Run<Operation>(x, x, y, count);

    /// <summary>y[i] = e^x[i]; y may be x. <paramref name="y"/> is at least as long as <paramref name="x"/>.</summary>
    public static void Apply(ReadOnlySpan<float> x, Span<float> y)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(y.Length, x.Length, nameof(y));
        fixed (float* source = x, target = y) Apply(source, target, x.Length);
    }

    /// <summary>e^x of one value: the same bits as in an array.</summary>
    public static float Of(float x)
    {
        if (x > Highest) x = Highest;
        if (Lowest > x) x = Lowest;
        float k = MathF.FusedMultiplyAdd(x, PerLn2, Rounder) - Rounder;
        float r = MathF.FusedMultiplyAdd(k, -Ln2Low, MathF.FusedMultiplyAdd(k, -Ln2High, x));
        float p = MathF.FusedMultiplyAdd(r, 1f / 5040, 1f / 720);
        p = MathF.FusedMultiplyAdd(r, p, 1f / 120);
        p = MathF.FusedMultiplyAdd(r, p, 1f / 24);
        p = MathF.FusedMultiplyAdd(r, p, 1f / 6);
        p = MathF.FusedMultiplyAdd(r, p, 0.5f);
        p = MathF.FusedMultiplyAdd(r, p, 1f);
        p = MathF.FusedMultiplyAdd(r, p, 1f);
        float half = MathF.FusedMultiplyAdd(k, 0.5f, Rounder) - Rounder;
        return p * PowerOfTwo(half) * PowerOfTwo(k - half);
    }

    /// <summary>Sixteen at once, for kernels that have the exponential inside.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TLanes Of<TLanes>(TLanes x)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes highest = TLanes.Broadcast(Highest), lowest = TLanes.Broadcast(Lowest), rounder = TLanes.Broadcast(Rounder), one = TLanes.Broadcast(1f);
        x = TLanes.WhereGreater(x, highest, highest, x);
        x = TLanes.WhereGreater(lowest, x, lowest, x);
        TLanes k = TLanes.Subtract(TLanes.Fma(x, TLanes.Broadcast(PerLn2), rounder), rounder);
        TLanes r = TLanes.Fma(k, TLanes.Broadcast(-Ln2Low), TLanes.Fma(k, TLanes.Broadcast(-Ln2High), x));
        TLanes p = TLanes.Fma(r, TLanes.Broadcast(1f / 5040), TLanes.Broadcast(1f / 720));
        p = TLanes.Fma(r, p, TLanes.Broadcast(1f / 120));
        p = TLanes.Fma(r, p, TLanes.Broadcast(1f / 24));
        p = TLanes.Fma(r, p, TLanes.Broadcast(1f / 6));
        p = TLanes.Fma(r, p, TLanes.Broadcast(0.5f));
        p = TLanes.Fma(r, p, one);
        p = TLanes.Fma(r, p, one);
        TLanes half = TLanes.Subtract(TLanes.Fma(k, TLanes.Broadcast(0.5f), rounder), rounder);
        return TLanes.Multiply(TLanes.Multiply(p, TLanes.PowerOfTwo(half)), TLanes.PowerOfTwo(TLanes.Subtract(k, half)));
    }

    private static float PowerOfTwo(float k) => BitConverter.Int32BitsToSingle(((int)k + 127) << 23);

    private readonly struct Operation : IElementOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TLanes Of<TLanes>(TLanes a, TLanes b)
            where TLanes : unmanaged, ILanes<TLanes> => Exponential.Of(a);
    }
}
