using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Percheron.Kernels;

/// <summary>Sums of four products of an unsigned and a signed byte per 32-bit lane.</summary>
internal interface IByteDot256
{
    static abstract Vector256<int> Dot(Vector256<byte> a, Vector256<sbyte> b);
}

/// <summary>One VPDPBUSD.</summary>
internal readonly struct VnniDot : IByteDot256
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Dot(Vector256<byte> a, Vector256<sbyte> b) => AvxVnni.MultiplyWideningAndAdd(Vector256<int>.Zero, a, b);
}

/// <summary>VPMADDUBSW and VPMADDWD: exact while a pair of products fits 16 bits, |a| ≤ 128 and |b| ≤ 127.</summary>
internal readonly struct PlainDot : IByteDot256
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Dot(Vector256<byte> a, Vector256<sbyte> b) =>
        Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(a, b), Vector256<short>.One);
}
