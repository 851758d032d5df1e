using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Percheron.Kernels;

/// <summary>One VPDPBUSD a chunk, which takes the weights as they are stored: unsigned.</summary>
internal readonly struct PackedDotVnni : IPackedDot
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Start(int start) => Vector256.Create(start);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Add(Vector256<int> sums, Vector256<byte> w, Vector256<sbyte> x, byte offset) => AvxVnni.MultiplyWideningAndAdd(sums, w, x);
}
