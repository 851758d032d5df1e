using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Percheron.Kernels;

/// <summary>Eight rows of Q8_0: one byte a weight, 128 above it.</summary>
internal readonly unsafe struct PackedQ8_0 : IPackedBlock
{
    public static int Bytes => 8 * 34;

    public static byte Offset => 128;

    public static int StoredQuants => 32;

    public static byte Flip => 0x80;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector256<byte> Lower, Vector256<byte> Upper) Chunks(byte* quants) =>
        (Vector256.Load(quants), Vector256.Load(quants + 128));
}
