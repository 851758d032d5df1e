using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Percheron.Kernels;

/// <summary>Sixteen products in four 256-bit vectors.</summary>
internal readonly unsafe struct Products256(Vector256<ulong> a, Vector256<ulong> b, Vector256<ulong> c, Vector256<ulong> d) : IProducts<Products256>
{
    private readonly Vector256<ulong> _a = a, _b = b, _c = c, _d = d;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Products256 Broadcast(uint value)
    {
        Vector256<ulong> all = Vector256.Create((ulong)value);
        return new(all, all, all, all);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Products256 Load(int* source) => new(Widen(source), Widen(source + 4), Widen(source + 8), Widen(source + 12));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Products256 Multiply(Products256 x, uint factor)
    {
        Vector256<uint> all = Vector256.Create((ulong)factor).AsUInt32();
        return new(Avx2.Multiply(x._a.AsUInt32(), all), Avx2.Multiply(x._b.AsUInt32(), all), Avx2.Multiply(x._c.AsUInt32(), all), Avx2.Multiply(x._d.AsUInt32(), all));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Products256 Mix(Products256 product, Products256 b, ulong key)
    {
        Vector256<ulong> all = Vector256.Create(key);
        return new((product._a >> 32) ^ b._a ^ all, (product._b >> 32) ^ b._b ^ all, (product._c >> 32) ^ b._c ^ all, (product._d >> 32) ^ b._d ^ all);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreComplement(Products256 value, int* target)
    {
        Store(value._a, value._b, target);
        Store(value._c, value._d, target + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Widen(int* source) => Avx2.ConvertToVector256Int64((uint*)source).AsUInt64();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<ulong> lower, Vector256<ulong> upper, int* target) => (~Vector256.Narrow(lower, upper) >> 8).AsInt32().Store(target);
}
