using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Percheron.Kernels;

/// <summary>Q8_0: eight chunks, one byte a weight, 128 above it.</summary>
internal readonly unsafe struct PackedQ8_0 : IPackedBlock
{
    public static int QuantBytes => 16 * 32;

    public static byte Offset => 128;

    public static int StartShift => 0;

    public static uint Flip => 0x80808080;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector256<byte> Lower, Vector256<byte> Upper) Chunks(byte* quants) =>
        (Vector256.Load(quants), Vector256.Load(quants + 256));
}
