using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Percheron.Kernels;

/// <summary>Sixteen products in two 512-bit vectors.</summary>
internal readonly unsafe struct Products512(Vector512<ulong> lower, Vector512<ulong> upper) : IProducts<Products512>
{
    private readonly Vector512<ulong> _lower = lower, _upper = upper;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Products512 Broadcast(uint value) => new(Vector512.Create((ulong)value), Vector512.Create((ulong)value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Products512 Load(int* source) =>
        new(Avx512F.ConvertToVector512UInt64(Vector256.Load((uint*)source)), Avx512F.ConvertToVector512UInt64(Vector256.Load((uint*)source + 8)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Products512 Multiply(Products512 a, uint factor)
    {
        Vector512<uint> all = Vector512.Create((ulong)factor).AsUInt32();
        return new(Avx512F.Multiply(a._lower.AsUInt32(), all), Avx512F.Multiply(a._upper.AsUInt32(), all));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Products512 Mix(Products512 product, Products512 b, ulong key)
    {
        Vector512<ulong> all = Vector512.Create(key);
        return new((product._lower >> 32) ^ b._lower ^ all, (product._upper >> 32) ^ b._upper ^ all);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreComplement(Products512 value, int* target)
    {
        Store(value._lower, target);
        Store(value._upper, target + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<ulong> value, int* target) => (~Avx512F.ConvertToVector256UInt32(value) >> 8).AsInt32().Store(target);
}
