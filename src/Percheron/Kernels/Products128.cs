using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace Percheron.Kernels;

/// <summary>Sixteen products in eight 128-bit vectors: AdvSimd on Arm64, and testable anywhere.</summary>
[InlineArray(8)]
internal unsafe struct Products128 : IProducts<Products128>
{
    private Vector128<ulong> _first;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Products128 Broadcast(uint value)
    {
        Products128 r = default;
        for (int i = 0; i < 8; i++) r[i] = Vector128.Create((ulong)value);
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Products128 Load(int* source)
    {
        Products128 r = default;
        for (int i = 0; i < 8; i += 2) (r[i], r[i + 1]) = Vector128.Widen(Vector128.Load((uint*)source + (2 * i)));
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Products128 Multiply(Products128 a, uint factor)
    {
        for (int i = 0; i < 8; i++)
        {
            a[i] = AdvSimd.IsSupported
                ? AdvSimd.MultiplyWideningLower(AdvSimd.ExtractNarrowingLower(a[i]), Vector64.Create(factor))
                : (a[i] & Vector128.Create((ulong)uint.MaxValue)) * Vector128.Create((ulong)factor);
        }
        return a;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Products128 Mix(Products128 product, Products128 b, ulong key)
    {
        for (int i = 0; i < 8; i++) product[i] = (product[i] >> 32) ^ b[i] ^ Vector128.Create(key);
        return product;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreComplement(Products128 value, int* target)
    {
        for (int i = 0; i < 8; i += 2) (~Vector128.Narrow(value[i], value[i + 1]) >> 8).AsInt32().Store(target + (2 * i));
    }
}
