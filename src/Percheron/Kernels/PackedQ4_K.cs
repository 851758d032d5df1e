using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Percheron.Kernels;

/// <summary>
/// Q4_K weights packed in groups of sixteen rows, as many bytes as GGUF stores: a super-block of a group is [16 halves d][16 halves m][three times 16 × 4 bytes of scales
/// and minima, as stored][32 × 64 bytes of quants]. Value = d · s · q − m · t, for eight 6-bit pairs (s, t) of 32 columns each.
/// </summary>
/// <remarks>
/// Quants of a sub-block of 32 columns take four vectors of 64 bytes; vector k holds columns 4k … 4k + 3 of the rows one after the other in its low nibbles and columns
/// 16 + 4k … in its high ones.
/// </remarks>
internal static unsafe class PackedQ4_K
{
    public const int Columns = 256, StoredBytes = 144, GroupBytes = 16 * StoredBytes, QuantsAt = 256;

    /// <summary>Scales of sub-blocks 0 … 3, one byte each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TBytes FirstScales<TBytes, TLanes>(byte* group)
        where TBytes : unmanaged, IGroupBytes<TBytes, TLanes>
        where TLanes : unmanaged, ILanes<TLanes> => TBytes.And(TBytes.Load(group + 64), TBytes.Broadcast(0x3F));

    /// <summary>Scales of sub-blocks 4 … 7: low nibbles of the third word, upper bits of the first one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TBytes LastScales<TBytes, TLanes>(byte* group)
        where TBytes : unmanaged, IGroupBytes<TBytes, TLanes>
        where TLanes : unmanaged, ILanes<TLanes> => TBytes.Or(
            TBytes.And(TBytes.Load(group + 192), TBytes.Broadcast(0x0F)), TBytes.And(TBytes.ShiftRight(TBytes.Load(group + 64), 2), TBytes.Broadcast(0x30)));

    /// <summary>Minima of sub-blocks 0 … 3, one byte each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TBytes FirstMinima<TBytes, TLanes>(byte* group)
        where TBytes : unmanaged, IGroupBytes<TBytes, TLanes>
        where TLanes : unmanaged, ILanes<TLanes> => TBytes.And(TBytes.Load(group + 128), TBytes.Broadcast(0x3F));

    /// <summary>Minima of sub-blocks 4 … 7: high nibbles of the third word, upper bits of the second one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TBytes LastMinima<TBytes, TLanes>(byte* group)
        where TBytes : unmanaged, IGroupBytes<TBytes, TLanes>
        where TLanes : unmanaged, ILanes<TLanes> => TBytes.Or(
            TBytes.And(TBytes.ShiftRight(TBytes.Load(group + 192), 4), TBytes.Broadcast(0x0F)), TBytes.And(TBytes.ShiftRight(TBytes.Load(group + 128), 2), TBytes.Broadcast(0x30)));

    /// <summary>Packs one stored super-block as row <paramref name="row"/> of a group.</summary>
    public static void Pack(byte* stored, byte* group, int row)
    {
        ((ushort*)group)[row] = *(ushort*)stored;
        ((ushort*)group)[16 + row] = *(ushort*)(stored + 2);
        for (int i = 0; i < 3; i++) ((uint*)(group + 64 + (64 * i)))[row] = ((uint*)(stored + 4))[i];
        Vector128<byte> low = Vector128.Create((byte)15);
        for (int pair = 0; pair < 4; pair++)
        {
            Vector128<byte> first = Vector128.Load(stored + 16 + (32 * pair)), second = Vector128.Load(stored + 32 + (32 * pair));
            Spread((first & low) | (second << 4), group + QuantsAt + (512 * pair), row);
            Spread((first >>> 4) | (second & ~low), group + QuantsAt + (512 * pair) + 256, row);
        }
    }

    private static void Spread(Vector128<byte> quants, byte* subBlock, int row)
    {
        for (int k = 0; k < 4; k++) ((uint*)(subBlock + (64 * k)))[row] = quants.AsUInt32()[k];
    }
}
