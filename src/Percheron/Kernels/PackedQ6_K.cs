using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Percheron.Kernels;

/// <summary>
/// Q6_K weights packed in groups of sixteen rows: a super-block of a group is [16 halves d, 32 bytes of nothing][4 × 64 bytes of scales: four sub-blocks of each row]
/// [16 × 192 bytes of quants]; 212 bytes a row where GGUF stores 210. Value = d · s · (q − 32), one signed scale s for 16 columns.
/// </summary>
/// <remarks>
/// Quants of a sub-block of 16 columns take three vectors of 64 bytes, four bytes a row. The first two hold the lower four bits of columns 0 … 3 and 8 … 11 in their low
/// nibbles, of 4 … 7 and 12 … 15 in their high ones; the third the upper two bits of the four chunks, from the lowest pair up.
/// </remarks>
internal static unsafe class PackedQ6_K
{
    public const int StoredBytes = 210, GroupBytes = 3392, ScalesAt = 64, QuantsAt = 320, SubBlockBytes = 192;

    /// <summary>The four chunks of a sub-block, 0 … 63.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (TBytes First, TBytes Second, TBytes Third, TBytes Fourth) Chunks<TBytes, TLanes>(byte* quants)
        where TBytes : unmanaged, IGroupBytes<TBytes, TLanes>
        where TLanes : unmanaged, ILanes<TLanes>
    {
        TBytes low = TBytes.Broadcast(0x0F), high = TBytes.Broadcast(0x30), a = TBytes.Load(quants), b = TBytes.Load(quants + 64), h = TBytes.Load(quants + 128);
        return (
            TBytes.Or(TBytes.And(a, low), TBytes.And(TBytes.ShiftLeft(h, 4), high)),
            TBytes.Or(TBytes.And(TBytes.ShiftRight(a, 4), low), TBytes.And(TBytes.ShiftLeft(h, 2), high)),
            TBytes.Or(TBytes.And(b, low), TBytes.And(h, high)),
            TBytes.Or(TBytes.And(TBytes.ShiftRight(b, 4), low), TBytes.And(TBytes.ShiftRight(h, 2), high)));
    }

    /// <summary>Packs one stored super-block as row <paramref name="row"/> of a group.</summary>
    /// <remarks>Stored, each half of 128 columns has 64 bytes of nibbles, low ones first, and 32 bytes of bit pairs, one pair for each quarter of 32 columns.</remarks>
    public static void Pack(byte* stored, byte* group, int row)
    {
        if (row == 0) new Span<byte>(group + 32, 32).Clear();
        ((ushort*)group)[row] = *(ushort*)(stored + 208);
        for (int i = 0; i < 4; i++) ((uint*)(group + ScalesAt + (64 * i)))[row] = ((uint*)(stored + 192))[i];
        Vector128<byte> low = Vector128.Create((byte)15), two = Vector128.Create((byte)3);
        for (int sub = 0; sub < 16; sub++)
        {
            int quarter = sub % 8 / 2, at = sub % 2 * 16;
            Vector128<byte> nibbles = (Vector128.Load(stored + (sub / 8 * 64) + (quarter % 2 * 32) + at) >>> (quarter / 2 * 4)) & low;
            Vector128<byte> pairs = (Vector128.Load(stored + 128 + (sub / 8 * 32) + at) >>> (2 * quarter)) & two;
            uint* target = (uint*)(group + QuantsAt + (SubBlockBytes * sub)) + row;
            Vector128<uint> n = nibbles.AsUInt32(), h = pairs.AsUInt32();
            target[0] = n[0] | (n[1] << 4);
            target[16] = n[2] | (n[3] << 4);
            target[32] = h[0] | (h[1] << 2) | (h[2] << 4) | (h[3] << 6);
        }
    }
}
