using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace Percheron.Kernels;

/// <summary>128-bit halves; SDOT on Arm64 where there is one, else widened products that every machine has.</summary>
internal readonly struct PackedDotPortable : IPackedDot
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Start(int start) => Vector256<int>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Add(Vector256<int> sums, Vector256<byte> w, Vector256<sbyte> x, byte offset)
    {
        Vector256<sbyte> weights = (w - Vector256.Create(offset)).AsSByte();
        return Vector256.Create(Add(sums.GetLower(), weights.GetLower(), x.GetLower()), Add(sums.GetUpper(), weights.GetUpper(), x.GetLower()));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Add(Vector128<int> sums, Vector128<sbyte> w, Vector128<sbyte> x)
    {
        if (Dp.IsSupported) return Dp.DotProduct(sums, w, x);
        (Vector128<short> first, Vector128<short> second) = Vector128.Widen(w);
        Vector128<short> four = Vector128.WidenLower(x);
        return sums + Vector128.Narrow(Quads(first * four), Quads(second * four));
    }

    // Two sums of four shorts each, in the low halves of two longs.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<long> Quads(Vector128<short> products)
    {
        Vector128<int> pairs = ((products.AsInt32() << 16) >> 16) + (products.AsInt32() >> 16);
        return (pairs + (pairs.AsInt64() >>> 32).AsInt32()).AsInt64();
    }
}
