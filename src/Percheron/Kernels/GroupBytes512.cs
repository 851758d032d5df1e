using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Percheron.Kernels;

/// <summary>
/// Four columns of sixteen outputs in one 512-bit vector. Partial sums are 16-bit pairs: VPMADDUBSW and an addition a chunk, which the ranges allowed keep from saturating,
/// run at the rate of a 512-bit VPDPBUSD; one VPMADDWD applies the scale.
/// </summary>
internal readonly unsafe struct GroupBytes512(Vector512<byte> value) : IGroupBytes<GroupBytes512, Lanes512>
{
    public readonly Vector512<byte> Value = value;

    public static GroupBytes512 Zero => new(Vector512<byte>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static GroupBytes512 Load(byte* source) => new(Vector512.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static GroupBytes512 Broadcast(byte value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static GroupBytes512 BroadcastFour(byte* source) => new(Vector512.Create(*(int*)source).AsByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static GroupBytes512 And(GroupBytes512 a, GroupBytes512 b) => new(a.Value & b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static GroupBytes512 Or(GroupBytes512 a, GroupBytes512 b) => new(a.Value | b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static GroupBytes512 ShiftLeft(GroupBytes512 a, int count) => new((a.Value.AsUInt32() << count).AsByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static GroupBytes512 ShiftRight(GroupBytes512 a, int count) => new((a.Value.AsUInt32() >>> count).AsByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static GroupBytes512 AddProducts(GroupBytes512 partial, GroupBytes512 w, GroupBytes512 x) =>
        new((partial.Value.AsInt16() + Avx512BW.MultiplyAddAdjacent(w.Value, x.Value.AsSByte())).AsByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 AddScaled(Lanes512 sums, GroupBytes512 partial, GroupBytes512 scales) => AddShorts(sums, partial, scales);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 AddShorts(Lanes512 sums, GroupBytes512 a, GroupBytes512 b) =>
        new((sums.Value.AsInt32() + Avx512BW.MultiplyAddAdjacent(a.Value.AsInt16(), b.Value.AsInt16())).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static GroupBytes512 Twice(GroupBytes512 bytes) => new((Avx512BW.Shuffle(bytes.Value, First).AsUInt16() >>> 8).AsByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static GroupBytes512 TwiceSigned(GroupBytes512 bytes) => new((Avx512BW.Shuffle(bytes.Value, First).AsInt16() >> 8).AsByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static GroupBytes512 Pair(GroupBytes512 bytes) => new((Avx512BW.Shuffle(bytes.Value, FirstTwo).AsUInt16() >>> 8).AsByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static GroupBytes512 PairTimes32(GroupBytes512 bytes) => new(((Avx512BW.Shuffle(bytes.Value, FirstTwo).AsInt16() >> 8) << 5).AsByte());

    // Byte 0 (and, in the third, 1) of each output goes to the high halves of its 16-bit elements; the low halves get a copy, which is shifted out.
    private static Vector512<byte> First
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Create(0x0404040400000000UL, 0x0C0C0C0C08080808UL, 0x0404040400000000UL, 0x0C0C0C0C08080808UL, 0x0404040400000000UL, 0x0C0C0C0C08080808UL, 0x0404040400000000UL, 0x0C0C0C0C08080808UL).AsByte();
    }

    private static Vector512<byte> FirstTwo
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Create(0x0505040401010000UL, 0x0D0D0C0C09090808UL, 0x0505040401010000UL, 0x0D0D0C0C09090808UL, 0x0505040401010000UL, 0x0D0D0C0C09090808UL, 0x0505040401010000UL, 0x0D0D0C0C09090808UL).AsByte();
    }
}
