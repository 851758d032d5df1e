using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Percheron.Kernels;

/// <summary>Q4_0: four chunks whose bytes hold columns c (low nibble) and c + 16 (high nibble), 8 above the weights, as in the file.</summary>
internal readonly unsafe struct PackedQ4_0 : IPackedBlock
{
    public static int QuantBytes => 16 * 16;

    public static byte Offset => 8;

    public static int StartShift => 4;

    public static uint Flip => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector256<byte> Lower, Vector256<byte> Upper) Chunks(byte* quants)
    {
        Vector256<byte> pairs = Vector256.Load(quants), nibble = Vector256.Create((byte)15);
        return (pairs & nibble, (pairs.AsUInt16() >>> 4).AsByte() & nibble);
    }
}
